package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.schema.erasure.Erasure;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DiskFullMonitorTest {
  private final StoreException full = StoreException.diskFull("the disk is full", null);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SinkMetrics metrics = new SinkMetrics(registry, "30d", () -> 0);
  private final Store store = new Store();
  private final DiskFullMonitor watch =
      new DiskFullMonitor("30d", store, store, metrics::diskFull, () -> 0);

  @Test
  void requests_rejected_because_of_a_full_disk_are_counted_and_still_fail() {
    store.failure = full;

    assertThat(watch.write(List.of())).isCompletedExceptionally();
    assertThat(watch.probe())
        .failsWithin(Duration.ofSeconds(1))
        .withThrowableThat()
        .withCause(full);
    assertThat(watch.erase(command(), 1)).isCompletedExceptionally();

    assertThat(rejected()).isEqualTo(3);
  }

  @Test
  void other_failures_and_success_are_not_counted() {
    store.failure = new StoreException(Kind.TRANSIENT, "late");
    assertThat(watch.write(List.of())).isCompletedExceptionally();
    store.failure = null;
    assertThat(watch.write(List.of())).isCompletedWithValue(new WriteResult(1, 0));
    assertThat(watch.erase(command(), 1)).isCompletedWithValue(7L);

    assertThat(rejected()).isZero();
  }

  private double rejected() {
    return registry.get("postflight.sink.disk.full").tag("tier", "30d").counter().count();
  }

  private static Erasure command() {
    return Erasure.newBuilder().setId("id").setTenant("acme").setMessageId("m").setAt(1).build();
  }

  private static final class Store implements EventWriter, EventEraser {
    private @Nullable StoreException failure;

    @Override
    public CompletionStage<WriteResult> write(List<Row> samePartition) {
      return answer(new WriteResult(1, 0));
    }

    @Override
    public CompletionStage<Void> probe() {
      return answer(1).thenAccept(done -> {});
    }

    @Override
    public CompletionStage<Long> erase(Erasure command, long timestampMicros) {
      return answer(7L);
    }

    private <T> CompletableFuture<T> answer(T value) {
      return failure == null
          ? CompletableFuture.completedFuture(value)
          : CompletableFuture.failedFuture(failure);
    }
  }
}
