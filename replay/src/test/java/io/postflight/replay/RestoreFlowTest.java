package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.replay.RestoreSettings.ReplayRange;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.sink.write.BulkWriter;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.Tier;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a restore writes while an erasure waits, on real servers. */
class RestoreFlowTest {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final String TENANT = "drill";

  @AutoClose private final TierFixture fixture = new TierFixture(TIER, Duration.ofDays(10));
  private final long now = System.currentTimeMillis();
  private final KnownErasures erasures = KnownErasures.read(fixture.replay());
  private final CompletableFuture<Boolean> erased = new CompletableFuture<>();
  private final DerivedCommands derived =
      new DerivedCommands(new ErasureReplay(this::erase, Duration.ofSeconds(30)));

  @Test
  @Timeout(120)
  void rows_of_later_records_are_written_while_an_erasure_waits_for_earlier_ones()
      throws Exception {
    Erasure user = fixture.order(TENANT, null, "u-erased", List.of(), now);
    fixture.produceInOrder(List.of(delivered("m-erased", "u-other")));
    Erasure derived =
        Erasure.newBuilder(user)
            .setUserId(null)
            .setMessageId("m-erased")
            .setUsers(List.of("u-other"))
            .build();
    fixture.produceCopies(derived, "u-erased");
    fixture.produceInOrder(List.of(delivered("m-later", "u-later")));
    CompletableFuture<Boolean> laterWritten = new CompletableFuture<>();
    EventWriter slow =
        writer(
            rows ->
                rows.get(0).partition().toString().contains("u-later")
                    ? fixture
                        .store
                        .write(rows)
                        .whenComplete((result, failure) -> laterWritten.complete(true))
                    : laterWritten.thenCompose(ready -> fixture.store.write(rows)));

    RestoreReport report =
        Restore.run(
            fixture.replay(),
            new ReplayStore(slow, fixture.store, fixture.store, fixture.store, fixture.store),
            RestoreSettings.of("flow", new ReplayRange(0, null, null)),
            at -> {});

    assertThat(report.rowsWritten()).isEqualTo(2);
    assertThat(laterWritten.get(1, TimeUnit.SECONDS)).isTrue();
    assertThat(fixture.dump()).as("only the later row is left").hasSize(1);
  }

  /** The test adds a command as another reader does, while a record is about to begin. */
  @Test
  @Timeout(120)
  void rows_of_a_record_that_begins_after_a_command_are_computed_with_it() throws Exception {
    fixture.produceInOrder(List.of(delivered("m-erased", "u-other")));
    EventWriter afterTheErasure =
        writer(rows -> erased.thenCompose(ready -> fixture.store.write(rows)));
    CompletableFuture<Void> passed;
    synchronized (derived) {
      passed = startPass("begin", afterTheErasure);
      awaitBlockedReader("begin");
      assertThat(erasures.add(erasure("m-erased"))).isTrue();
      derived.add(erasure("m-erased"), () -> {});
    }

    passed.get(60, TimeUnit.SECONDS);
    assertThat(erased).isCompleted();
    assertThat(fixture.dump()).isEmpty();
  }

  /** The test begins a record as another reader does, while a command is about to be known. */
  @Test
  @Timeout(120)
  void a_command_waits_for_a_record_that_began_before_it_was_known() throws Exception {
    Erasure command = erasure("m-erased");
    fixture.produceInOrder(
        List.of(new TierRecord(TENANT, List.of(), null, now, command, null, null)));
    CompletableFuture<Void> passed;
    Runnable written;
    synchronized (erasures) {
      passed = startPass("known", fixture.store);
      awaitBlockedReader("known");
      written = derived.begin();
      assertThat(erasures.erasesMessage(TENANT, "m-erased")).isFalse();
    }
    await().until(() -> !derived.isEmpty() || erased.isDone());
    derived.apply(0);
    assertThat(erased).as("the record is not written").isNotDone();

    written.run();

    passed.get(60, TimeUnit.SECONDS);
    assertThat(erased).isCompleted();
  }

  @Test
  @Timeout(120)
  void a_restore_that_cannot_write_ends_though_its_readers_wait_for_commands() throws Exception {
    List<TierRecord> records = new ArrayList<>(List.of(delivered("m-first", "u-first")));
    for (int i = 0; i <= 1_000; i++) {
      records.add(new TierRecord(TENANT, List.of(), null, now, erasure("m-" + i), null, null));
    }
    fixture.produceInOrder(records);
    CompletableFuture<WriteResult> first = new CompletableFuture<>();

    CompletableFuture<Void> passed = startPass("fatal", writer(rows -> first));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> isReader("fatal", Thread.State.WAITING) && !derived.isEmpty());
    first.completeExceptionally(new StoreException(Kind.FATAL, "the role may only read"));

    assertThat(passed)
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableThat()
        .withMessageContaining("the role may only read");
  }

  /** Runs the pass of a restore in a thread of its own. */
  private CompletableFuture<Void> startPass(String id, EventWriter store) {
    TierReplay replay = fixture.replay();
    RestoreSettings settings = RestoreSettings.of(id, new ReplayRange(0, null, null));
    CompletableFuture<Void> passed = new CompletableFuture<>();
    Runnable run =
        () -> {
          try (RangeReader commits = new RangeReader(replay, fixture.name + id);
              BulkWriter writer = new BulkWriter("writer", store, replay.limits())) {
            RestoreJob job = RestoreJob.begin(commits, replay, settings);
            RestorePass.Task task =
                new RestorePass.Task(replay, settings, job, new ProblemLog(), at -> {});
            new RestorePass(task, commits, writer, erasures, derived).run();
            passed.complete(null);
          } catch (InterruptedException | RuntimeException failed) {
            passed.completeExceptionally(failed);
          }
        };
    new Thread(run, "pass").start();
    return passed;
  }

  /** Until a reader waits for a lock that this thread holds. */
  private static void awaitBlockedReader(String id) {
    await().atMost(Duration.ofSeconds(60)).until(() -> isReader(id, Thread.State.BLOCKED));
  }

  private static boolean isReader(String id, Thread.State state) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("restore-" + id))
        .anyMatch(thread -> thread.getState() == state);
  }

  private CompletionStage<Long> erase(Erasure command, long micros) {
    return fixture
        .store
        .erase(command, micros)
        .whenComplete((rows, failure) -> erased.complete(true));
  }

  /** A command that only the tier's topic has. */
  private Erasure erasure(String message) {
    return Erasure.newBuilder()
        .setId(ErasureIds.next(now, new Random(1)))
        .setTenant(TENANT)
        .setMessageId(message)
        .setUserId(null)
        .setUsers(List.of("u-other"))
        .setFields(List.of())
        .setAt(now)
        .build();
  }

  @FunctionalInterface
  private interface Write {
    CompletionStage<WriteResult> of(List<Row> rows);
  }

  private EventWriter writer(Write write) {
    return new EventWriter() {
      @Override
      public CompletionStage<WriteResult> write(List<Row> samePartition) {
        return write.of(samePartition);
      }

      @Override
      public CompletionStage<Void> probe() {
        return fixture.store.probe();
      }
    };
  }

  private TierRecord delivered(String message, String user) {
    long time = now - 60_000;
    MessageEvent event =
        MessageEvent.newBuilder()
            .setTenant(TENANT)
            .setMessageId(message)
            .setEventId("e-" + user)
            .setUserId(user)
            .setType("message.delivered")
            .setProvider("events")
            .setChannel("WHATSAPP")
            .setDirection(Direction.OUTBOUND)
            .setStatus(Status.DELIVERED)
            .setEventTime(time)
            .setEventTimeSource(EventTimeSource.PROVIDER)
            .setReceivedAt(time)
            .build();
    return new TierRecord(
        TENANT, List.of(new TimelineEntry(event, time, 1)), null, time, null, time, null);
  }
}
