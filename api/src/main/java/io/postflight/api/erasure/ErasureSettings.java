package io.postflight.api.erasure;

import io.postflight.api.http.Require;
import java.time.Duration;

/**
 * How privacy commands are carried out.
 *
 * @param answerWithin how long a caller is kept waiting for the end; then the answer is 202
 * @param atOnce commands that are being applied at one time
 * @param mostUnderWay commands taken on and not finished, those waiting for a tier among them; more
 *     are refused
 * @param mostRemembered commands that reads are guarded against; beyond it the oldest are let go,
 *     which the sinks have long applied
 * @param rememberedFor how long reads are guarded against a command: as long as a sink may lag
 *     behind, which is as long as its topic is kept
 * @param takeOverAfter when a command that nobody has finished is taken up, whoever gave it
 * @param firstPause before a failed attempt is repeated; about twice as long each time
 * @param longestPause between two attempts
 */
public record ErasureSettings(
    Duration answerWithin,
    int atOnce,
    int mostUnderWay,
    int mostRemembered,
    Duration rememberedFor,
    Duration takeOverAfter,
    Duration firstPause,
    Duration longestPause) {
  /** 10 s; 16 at once of 1,000; 100,000 remembered for 14 days; taken over after 20 s. */
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
    Require.between("erasure.answerWithin", answerWithin, Duration.ZERO, Duration.ofMinutes(1));
    Require.between("erasure.atOnce", atOnce, 1, 1_000);
    Require.between("erasure.mostUnderWay", mostUnderWay, 1, 1_000_000);
    Require.between("erasure.mostRemembered", mostRemembered, 1, 100_000_000);
    Require.between(
        "erasure.rememberedFor", rememberedFor, Duration.ofSeconds(1), Duration.ofDays(3650));
    Require.between(
        "erasure.takeOverAfter", takeOverAfter, Duration.ofMillis(10), Duration.ofHours(1));
    Require.between("erasure.firstPause", firstPause, Duration.ofMillis(1), Duration.ofMinutes(1));
    Require.between("erasure.longestPause", longestPause, firstPause, Duration.ofHours(1));
  }

  /** The same, guarding reads for another time. */
  public ErasureSettings withRememberedFor(Duration other) {
    return new ErasureSettings(
        answerWithin,
        atOnce,
        mostUnderWay,
        mostRemembered,
        other,
        takeOverAfter,
        firstPause,
        longestPause);
  }
}
