package io.postflight.schema.recovery;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which tiers are in recovery. */
public interface Recoveries {
  /** No tier ever is: for processes without Kafka. */
  Recoveries NONE =
      new Recoveries() {
        @Override
        public boolean loaded() {
          return true;
        }

        @Override
        public Optional<RecoveryPhase> known(String tier) {
          return Optional.empty();
        }

        @Override
        public CompletionStage<Optional<RecoveryPhase>> current(String tier) {
          return CompletableFuture.completedFuture(Optional.empty());
        }
      };

  /** Whether the state has been read once. */
  boolean loaded();

  /** The phase of a tier as last read; empty: not in recovery. Never blocks. */
  Optional<RecoveryPhase> known(String tier);

  /**
   * The phase of a tier, including every change that was durable before this call.
   *
   * @return fails if Kafka does not respond
   */
  CompletionStage<Optional<RecoveryPhase>> current(String tier);
}
