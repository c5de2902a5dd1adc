package io.postflight.api.erasure;

import io.postflight.schema.erasure.Erasure;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A durable, ordered log of erasure commands and their completion notices. */
public interface CommandLog extends AutoCloseable {
  /**
   * Appends a command or a notice. Never blocks.
   *
   * @return completes once it is durable. After a failure the record may still exist, and is then
   *     seen by all followers.
   */
  CompletableFuture<Void> append(Erasure entry);

  /**
   * Passes recent records, then each record as it is appended, in order, on one thread, at least
   * once. May be called once.
   *
   * @return completes when the records that existed at this call were passed; stays incomplete
   *     while the ledger is unavailable
   */
  CompletableFuture<Void> follow(Consumer<Erasure> each);

  /**
   * Searches the whole ledger for an id. Never blocks.
   *
   * @return the command and its notices, and those that extend it with theirs; empty if there is no
   *     such command; fails on timeout
   */
  CompletableFuture<List<Erasure>> find(String id);

  /** Stops following. */
  @Override
  void close();
}
