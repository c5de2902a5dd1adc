package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.sink.commit.OffsetTracker;
import io.postflight.sink.commit.TaskGeneration;
import io.postflight.sink.time.Backoff;
import io.postflight.sink.time.ManualScheduler;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The erasure queue with a manual clock. */
class ErasureQueueTest {
  private static final Erasure COMMAND =
      Erasure.newBuilder().setId("id").setTenant("acme").setMessageId("m").setAt(1_000).build();

  private final ManualScheduler time = new ManualScheduler();
  private final Store store = new Store();
  private final List<String> reported = new ArrayList<>();
  private final List<RecordWrite> settled = new ArrayList<>();
  private final OffsetTracker tracker = new OffsetTracker();
  private final TaskGeneration generation =
      new TaskGeneration(tracker, this, () -> 0, TaskGeneration.Limits.ofBytes(1_000));
  private final ErasureQueue queue =
      new ErasureQueue(
          store,
          store,
          new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), () -> Math.nextDown(1.0)),
          time,
          listener());

  @Test
  void a_command_without_earlier_records_is_applied_immediately() {
    RecordWrite command = submit(5);

    assertThat(store.calls).hasSize(1);
    assertThat(store.micros).containsExactly(ErasureTimes.micros(COMMAND));
    assertThat(settled).isEmpty();

    store.calls.get(0).complete(7L);

    assertThat(settled).containsExactly(command);
    assertThat(reported).containsExactly("erased 7");
  }

  @Test
  void a_command_awaits_earlier_records_only() {
    RecordWrite first = record(1);
    RecordWrite second = record(2);
    submit(3);
    RecordWrite later = record(4);

    second.acknowledge();
    later.acknowledge();
    time.pass(60_000);
    assertThat(store.calls).isEmpty();

    first.acknowledge();
    assertThat(store.calls).hasSize(1);
    assertThat(tracker.acknowledgedBelow()).isEqualTo(3);
  }

  @Test
  void commands_of_a_partition_are_applied_one_after_the_other() {
    submit(1);
    submit(2);
    assertThat(store.calls).hasSize(1);

    store.calls.get(0).complete(1L);
    settled.get(0).acknowledge();

    assertThat(store.calls).hasSize(2);
  }

  @Test
  void a_transient_failure_is_retried_indefinitely_with_backoff() {
    submit(1);
    for (int attempt = 0; attempt < 20; attempt++) {
      fail(attempt, Kind.TRANSIENT);
      time.pass(1_000);
    }
    assertThat(settled).isEmpty();
    assertThat(reported).hasSize(20).containsOnly("retried");

    store.calls.get(20).complete(0L);

    assertThat(settled).hasSize(1);
  }

  @Test
  void commands_that_back_off_are_retried_when_the_database_is_available_again() {
    submit(1);
    fail(0, Kind.TRANSIENT);

    queue.retryNow();

    assertThat(store.calls).hasSize(2);
    time.pass(10_000);
    assertThat(store.calls).hasSize(2);
  }

  @Test
  void a_command_is_rejected_only_when_confirmed_by_the_canary_row() {
    store.unhealthy = new StoreException(Kind.TRANSIENT, "unavailable");
    RecordWrite command = submit(1);
    fail(0, Kind.INVALID);
    assertThat(settled).isEmpty();

    store.unhealthy = null;
    time.pass(1_000);
    fail(1, Kind.INVALID);
    assertThat(settled).isEmpty();
    time.pass(1_000);
    fail(2, Kind.INVALID);

    assertThat(settled).containsExactly(command);
    assertThat(command.rejection()).isNotNull();
    assertThat(reported).containsExactly("retried", "retried", "refused");
  }

  @Test
  void a_fatal_failure_stops_the_queue() {
    submit(1);
    submit(2);
    fail(0, Kind.FATAL);

    queue.retryNow();
    time.pass(10_000);

    assertThat(reported).containsExactly("fatal no");
    assertThat(store.calls).hasSize(1);
    assertThat(settled).isEmpty();
  }

  @Test
  void when_the_task_closes_pending_commands_are_settled_and_never_applied() {
    submit(1);
    fail(0, Kind.TRANSIENT);
    submit(2);

    generation.close();
    queue.dropCancelled();
    time.pass(10_000);

    assertThat(settled).hasSize(2);
    assertThat(store.calls).hasSize(1);
  }

  @Test
  void a_command_that_is_read_again_is_applied_once() {
    record(1);
    submit(2);

    record(1).acknowledge();
    submit(2);

    assertThat(store.calls).hasSize(1);
    assertThat(settled).hasSize(1);
  }

  private RecordWrite record(long offset) {
    SourceRecord source = new SourceRecord("store.30d", 0, offset, null, null, new RecordHeaders());
    RecordWrite write = new RecordWrite(generation, generation.track(offset), source, settled::add);
    write.setSize(1, 0, 10, RecordWrite.NOT_MEASURED);
    return write;
  }

  private RecordWrite submit(long offset) {
    RecordWrite write = record(offset);
    queue.submit(COMMAND, write);
    return write;
  }

  private void fail(int call, Kind kind) {
    store.calls.get(call).completeExceptionally(new StoreException(kind, "no"));
  }

  private ErasureListener listener() {
    return new ErasureListener() {
      @Override
      public void erased(long rows) {
        reported.add("erased " + rows);
      }

      @Override
      public void retried() {
        reported.add("retried");
      }

      @Override
      public void rejected() {
        reported.add("refused");
      }

      @Override
      public void fatal(StoreException why) {
        reported.add("fatal " + why.getMessage());
      }
    };
  }

  /** A store whose responses the test controls. */
  private static final class Store implements EventWriter, EventEraser {
    private final List<CompletableFuture<Long>> calls = new ArrayList<>();
    private final List<Long> micros = new ArrayList<>();
    private @Nullable StoreException unhealthy;

    @Override
    public CompletionStage<Long> erase(Erasure command, long timestampMicros) {
      CompletableFuture<Long> answer = new CompletableFuture<>();
      calls.add(answer);
      micros.add(timestampMicros);
      return answer;
    }

    @Override
    public CompletionStage<WriteResult> write(List<Row> samePartition) {
      throw new AssertionError("nothing is written here");
    }

    @Override
    public CompletionStage<Void> probe() {
      return unhealthy == null
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(unhealthy);
    }
  }
}
