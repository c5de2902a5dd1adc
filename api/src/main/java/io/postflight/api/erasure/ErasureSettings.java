package io.postflight.api.erasure;

import io.postflight.api.http.Require;
import java.time.Duration;

/**
 * Settings of erasure commands.
 *
 * @param responseTimeout how long a response is held for completion before 202 is returned
 * @param concurrency commands applied concurrently
 * @param maxPending accepted and unfinished commands, including those that back off; more are
 *     rejected
 * @param maxGuarded commands that reads are guarded against; more are rejected
 * @param guardedFor how long reads are guarded against a command: the maximum lag of a sink, which
 *     is the retention of its topic
 * @param takeOverAfter age at which an unfinished command of any instance is taken over
 * @param initialBackoff backoff after the first failed attempt, doubled each time
 * @param maxBackoff maximum backoff
 */
public record ErasureSettings(
    Duration responseTimeout,
    int concurrency,
    int maxPending,
    int maxGuarded,
    Duration guardedFor,
    Duration takeOverAfter,
    Duration initialBackoff,
    Duration maxBackoff) {
  /** 10 s; 16 concurrent of 1,000 pending; 100,000 guarded for 14 days; taken over after 20 s. */
  public static final ErasureSettings DEFAULTS =
      new ErasureSettings(
          Duration.ofSeconds(10),
          16,
          1_000,
          100_000,
          Duration.ofDays(14),
          Duration.ofSeconds(20),
          Duration.ofMillis(200),
          Duration.ofSeconds(20));

  /** Validates. */
  public ErasureSettings {
    Require.between("responseTimeout", responseTimeout, Duration.ZERO, Duration.ofMinutes(1));
    Require.between("concurrency", concurrency, 1, 1_000);
    Require.between("maxPending", maxPending, 1, 1_000_000);
    Require.between("maxGuarded", maxGuarded, 1, 100_000_000);
    Require.between("guardedFor", guardedFor, Duration.ofSeconds(1), Duration.ofDays(3650));
    Require.between("takeOverAfter", takeOverAfter, Duration.ofMillis(10), Duration.ofHours(1));
    Require.between("initialBackoff", initialBackoff, Duration.ofMillis(1), Duration.ofMinutes(1));
    Require.between("maxBackoff", maxBackoff, initialBackoff, Duration.ofHours(1));
  }

  /** A copy with another guard time. */
  public ErasureSettings withGuardedFor(Duration other) {
    return new ErasureSettings(
        responseTimeout,
        concurrency,
        maxPending,
        maxGuarded,
        other,
        takeOverAfter,
        initialBackoff,
        maxBackoff);
  }
}
