package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.recovery.Recoveries;
import io.postflight.schema.recovery.RecoveryPhase;
import io.postflight.sink.Fixtures;
import io.postflight.store.StoreException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which commands are deferred while a tier is in recovery. */
class RecoveryAwareStoreTest {
  private final ScriptedWriter database = new ScriptedWriter();
  private CompletionStage<Optional<RecoveryPhase>> phase =
      CompletableFuture.completedFuture(Optional.empty());

  private final RecoveryAwareStore store =
      RecoveryAwareStore.of(
          "60d",
          database,
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
              assertThat(tier).isEqualTo("60d");
              return phase;
            }
          });

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void while_backups_are_loaded_commands_are_acknowledged_and_deferred() {
    phase = CompletableFuture.completedFuture(Optional.of(RecoveryPhase.LOADING));

    assertThat(erase(Fixtures.erasure(null, "u1"))).isZero();
    assertThat(erase(Fixtures.erasure("m1", null))).isZero();

    assertThat(database.erasures).isEmpty();
  }

  @Test
  void once_everything_is_loaded_commands_are_applied_again() {
    phase = CompletableFuture.completedFuture(Optional.of(RecoveryPhase.ERASING));
    erase(Fixtures.erasure(null, "u1"));
    phase = CompletableFuture.completedFuture(Optional.empty());
    erase(Fixtures.erasure(null, "u2"));

    assertThat(database.erasures).hasSize(2);
  }

  @Test
  void while_the_recovery_state_is_unknown_commands_fail_as_transient() {
    phase = CompletableFuture.failedFuture(new TimeoutException("Kafka does not answer"));

    Throwable failure = catchThrowable(() -> erase(Fixtures.erasure(null, "u1")));

    assertThat(failure)
        .hasRootCauseInstanceOf(TimeoutException.class)
        .cause()
        .isInstanceOfSatisfying(
            StoreException.class,
            why -> assertThat(why.kind()).isEqualTo(StoreException.Kind.TRANSIENT));
    assertThat(database.erasures).isEmpty();
  }

  private long erase(Erasure command) {
    return store.erase(command, ErasureTimes.micros(command)).toCompletableFuture().join();
  }
}
