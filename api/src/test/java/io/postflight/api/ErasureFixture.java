package io.postflight.api;

import static io.postflight.api.TestApi.NOW;

import io.postflight.api.erasure.ErasureBackend;
import io.postflight.api.erasure.ErasureSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;

/** A server that erases in two tiers, with erasers and a ledger that the test controls. */
abstract class ErasureFixture {
  static final ErasureSettings QUICK =
      new ErasureSettings(
          Duration.ofMillis(300),
          2,
          12,
          1_000,
          Duration.ofDays(14),
          Duration.ofHours(1),
          Duration.ofMillis(10),
          Duration.ofMillis(40));

  /** A tenant's share of pending commands. */
  static final int PENDING_OF_TENANT = QUICK.maxPending() / 4;

  final TwoTiers tiers = new TwoTiers();
  final ScriptedEraser eraser30 = new ScriptedEraser(3);
  final ScriptedEraser eraser15 = new ScriptedEraser(4);
  final InMemoryCommandLog ledger = new InMemoryCommandLog();
  final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  final TestApi api = api(QUICK);

  @AfterEach
  void stop() {
    api.closeLater();
  }

  /** Another server over the same stores and ledger. */
  final TestApi api(ErasureSettings settings) {
    return TestApi.erasing(
        all -> all.withErasure(settings),
        tiers.erasing(eraser30, eraser15),
        new ErasureBackend(ledger),
        now::get);
  }

  static ErasureSettings takingOverAfter(Duration after) {
    return new ErasureSettings(
        QUICK.responseTimeout(),
        QUICK.concurrency(),
        QUICK.maxPending(),
        QUICK.maxGuarded(),
        QUICK.guardedFor(),
        after,
        QUICK.initialBackoff(),
        QUICK.maxBackoff());
  }
}
