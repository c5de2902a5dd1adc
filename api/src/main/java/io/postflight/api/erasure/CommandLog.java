package io.postflight.api.erasure;

import io.postflight.schema.erasure.Erasure;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Where privacy commands and the notices of their completion are durable, in order. */
public interface CommandLog extends AutoCloseable {
  /**
   * Appends a command or a notice. Never blocks.
   *
   * @return completes once it is durable. If it fails the record may still have come to be there,
   *     and is then found by all who follow.
   */
  CompletableFuture<Void> append(Erasure entry);

  /**
   * Hands on what was appended lately, then each record as it is appended, in order, on one thread.
   * A record may be handed on more than once. To be called once.
   *
   * @return completes when everything has been handed on that was there at this call; stays open
   *     while the ledger cannot be reached
   */
  CompletableFuture<Void> follow(Consumer<Erasure> each);

  /**
   * Looks an id up in the whole ledger. Never blocks.
   *
   * @return the command, then the notice of its completion if there is one; empty if there is no
   *     such command; fails if it could not be looked up in reasonable time
   */
  CompletableFuture<List<Erasure>> find(String id);

  /** Stops following. */
  @Override
  void close();
}
