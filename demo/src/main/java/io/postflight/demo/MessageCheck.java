package io.postflight.demo;

import io.postflight.devstack.simulator.ExpectedMessage;
import io.postflight.operations.Progress;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.EventReader;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Reads every expected message, and compares it with its expectation. */
final class MessageCheck {
  private static final int IN_FLIGHT = 64;

  private final Function<String, EventReader> readerOfTenant;
  private final Map<String, Long> byStatus = new TreeMap<>();
  private long inFlight;

  /**
   * Creates the check.
   *
   * @param readerOfTenant reader of a tenant's tier
   */
  MessageCheck(Function<String, EventReader> readerOfTenant) {
    this.readerOfTenant = readerOfTenant;
  }

  /** Stored messages that are complete, by status. */
  Map<String, Long> completedByStatus() {
    return byStatus;
  }

  /** Stored messages that are not complete. */
  long inFlight() {
    return inFlight;
  }

  void run(
      Iterator<ExpectedMessage> messages, long total, Differences differences, Progress progress)
      throws InterruptedException {
    Semaphore room = new Semaphore(IN_FLIGHT);
    long read = 0;
    while (messages.hasNext()) {
      ExpectedMessage expected = messages.next();
      room.acquire();
      readerOfTenant
          .apply(expected.tenant())
          .message(expected.tenant(), expected.messageId())
          .whenComplete(
              (found, fault) -> {
                if (fault == null) {
                  compare(expected, found, differences);
                } else {
                  differences.add(describe(expected) + " could not be read: " + fault);
                }
                room.release();
              });
      read++;
      progress.at("Reading back", Math.min(read, total), Math.max(1, total), "messages");
    }
    room.acquire(IN_FLIGHT);
    progress.at("Reading back", Math.max(1, total), Math.max(1, total), "messages");
    progress.clear();
  }

  private synchronized void compare(
      ExpectedMessage expected, Optional<MessageRevision> found, Differences differences) {
    if (found.isEmpty()) {
      differences.add(describe(expected) + " is not stored");
      return;
    }
    MessageRevision message = found.get();
    MessageStatus status = MessageStatus.of(message.getFacts());
    boolean complete = MessageStatus.complete(message.getFacts());
    if (complete) {
      byStatus.merge(String.valueOf(status), 1L, Long::sum);
    } else {
      inFlight++;
    }
    difference(differences, expected, "status", expected.status(), status);
    difference(differences, expected, "complete", expected.complete(), complete);
    difference(
        differences,
        expected,
        "contradiction",
        expected.contradiction(),
        MessageStatus.contradiction(message.getFacts().getTimes()));
    difference(
        differences,
        expected,
        "user",
        expected.userId(),
        Facts.text(message.getFacts(), Facts.USER_ID));
  }

  private static void difference(
      Differences differences,
      ExpectedMessage message,
      String what,
      @org.jspecify.annotations.Nullable Object expected,
      @org.jspecify.annotations.Nullable Object found) {
    if (!Objects.equals(expected, found)) {
      differences.add(describe(message) + " has " + what + ' ' + found + ", expected " + expected);
    }
  }

  private static String describe(ExpectedMessage message) {
    return "message " + message.messageId() + " of " + message.tenant();
  }
}
