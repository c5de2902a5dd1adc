package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.sink.Fixtures;
import io.postflight.sink.time.Backoff;
import io.postflight.sink.time.ManualScheduler;
import io.postflight.sink.time.Scheduler;
import io.postflight.store.EventWriter;
import io.postflight.store.ListingRow;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.Rows;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.Table;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A write queue with a manual clock and a writer whose responses the test controls. */
abstract class WriteQueueFixture {
  final ManualScheduler time = new ManualScheduler();
  final Calls calls = new Calls();
  final List<Row> settled = new ArrayList<>();
  final List<Row> blocked = new ArrayList<>();
  final List<String> rejected = new ArrayList<>();
  final List<String> fatal = new ArrayList<>();
  int sent;
  boolean cancelled;
  long heldBytes = 1;
  final WriteQueue queue = queue(time);

  WriteQueue queue(Scheduler scheduler) {
    return new WriteQueue(
        calls,
        new SinkLimits(
            new SinkLimits.Window(1_000, 1 << 20, 1 << 20),
            new SinkLimits.Batch(5, 1 << 20, Duration.ofMillis(5), Duration.ofMillis(50), 2),
            1 << 20,
            4),
        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), () -> Math.nextDown(1.0)),
        scheduler,
        time::nanos,
        listener());
  }

  void failLost() {
    for (int call = 0; call < calls.answers.size(); call++) {
      if (calls.subjects().get(call).startsWith(calls.lost)) {
        calls.fail(call, Kind.TRANSIENT);
      }
    }
    time.pass(1);
  }

  void submitEach(int first, int users) {
    for (int i = first; i < first + users; i++) {
      submit("u" + i, "m" + i);
      time.pass(10);
      queue.dropCancelled();
    }
  }

  void fill(String user, int rows) {
    submit("a", "a");
    submit("b", "b");
    for (int i = 0; i < rows; i++) {
      submit(user, "m" + i);
    }
  }

  void submit(String user, String messageId) {
    Row row = timelineRow(user, messageId);
    queue.submit(List.of(row), owner(row));
  }

  /** Submits the listing row of a message that was listed some days ago. */
  void submitListing(String messageId, int days) {
    MessageRevision message =
        Objects.requireNonNull(Fixtures.delivered("u", messageId).getMessage());
    long listedAt = message.getCreatedAt() - Duration.ofDays(days).toMillis();
    RowKey key =
        Rows.listing(message.getTenant(), messageId, listedAt, 1, Fixtures.TIER.listingBuckets());
    Row row = new ListingRow(key.partition(), listedAt, message);
    queue.submit(List.of(row), owner(row));
  }

  static Row timelineRow(String user, String messageId) {
    return Rows.of(Fixtures.delivered(user, messageId), Fixtures.TIER).stream()
        .filter(row -> row.table() == Table.TIMELINE)
        .findFirst()
        .orElseThrow();
  }

  RowCallback owner(Row row) {
    return new RowCallback() {
      @Override
      public boolean cancelled() {
        return cancelled;
      }

      @Override
      public int rows() {
        return 1;
      }

      @Override
      public long bytes() {
        return heldBytes;
      }

      @Override
      public void rowBlocked() {
        blocked.add(row);
      }

      @Override
      public void rowSettled() {
        settled.add(row);
      }

      @Override
      public void rowRejected(RejectionReason reason, String detail) {
        rejected.add(detail);
      }
    };
  }

  WriteListener listener() {
    return new WriteListener() {
      @Override
      public void sent() {
        sent++;
      }

      @Override
      public void written(Table table, WriteResult result, long nanos) {}

      @Override
      public void retried(Table table, int rows) {}

      @Override
      public void rejected(Table table) {}

      @Override
      public void fatal(StoreException why) {
        fatal.add(String.valueOf(why.getMessage()));
      }
    };
  }

  /** Writer whose responses the test controls. */
  static final class Calls implements EventWriter {
    final List<List<Row>> batches = new ArrayList<>();
    final List<CompletableFuture<WriteResult>> answers = new ArrayList<>();
    @Nullable StoreException canary;
    boolean immediate;
    String lost = "nobody";
    List<String> nodes = List.of();
    final List<Object> coordinators = new ArrayList<>();

    record Nodes(boolean lost, List<String> coordinators) implements Replicas {}

    @Override
    public Replicas replicas(PartitionKey partition) {
      return new Nodes(partition.subject().startsWith(lost), nodes);
    }

    @Override
    public CompletionStage<WriteResult> write(List<Row> samePartition, Object coordinator) {
      coordinators.add(coordinator);
      return write(samePartition);
    }

    @Override
    public CompletionStage<WriteResult> write(List<Row> samePartition) {
      PartitionKey key = samePartition.get(0).partition();
      assertThat(samePartition).allMatch(row -> row.partition().equals(key));
      CompletableFuture<WriteResult> answer = new CompletableFuture<>();
      if (immediate) {
        answer.complete(new WriteResult(samePartition.size(), 0));
      }
      batches.add(samePartition);
      answers.add(answer);
      return answer;
    }

    @Override
    public CompletionStage<Void> probe() {
      return canary == null
          ? CompletableFuture.completedStage(null)
          : CompletableFuture.failedStage(canary);
    }

    List<String> subjects() {
      return batches.stream().map(rows -> rows.get(0).partition().subject()).toList();
    }

    List<Integer> sizes() {
      return batches.stream().map(List::size).toList();
    }

    void succeed(int call) {
      answers.get(call).complete(new WriteResult(batches.get(call).size(), 0));
    }

    void fail(int call, Kind kind) {
      fail(call, new StoreException(kind, kind.name()));
    }

    void fail(int call, RuntimeException failure) {
      answers.get(call).completeExceptionally(failure);
    }
  }
}
