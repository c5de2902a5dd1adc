package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.replay.RestoreSettings.ReplayRange;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.Tier;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.List;
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
        TENANT, List.of(new TimelineEntry(event, time, 1)), null, time, null, time);
  }
}
