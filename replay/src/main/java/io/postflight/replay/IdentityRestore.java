package io.postflight.replay;

import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.identity.LinkUpdates;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.sink.write.BulkWriter;
import io.postflight.sink.write.ValueDecoder;
import io.postflight.store.EventWriter;
import io.postflight.store.IdentityRow;
import io.postflight.store.Row;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * Writes the links of the ids of a tier's tenants again, from the compacted topic of all links. The
 * tier's own topic has updates of its retention only. Rows equal the sink's, so writing them
 * before, after or beside those of the tier's topic is the same.
 */
final class IdentityRestore implements RangeReader.Sink {
  private static final Duration WAIT = Duration.ofMillis(100);

  private final TierReplay.IdentitySource source;
  private final RestoreSettings settings;
  private final @Nullable String tenant;
  private final Serde<AliasLinks> serde;
  private final BulkWriter writer;
  private final ProblemLog problems;
  private final RowRate rate;
  private final LongAdder rows = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private long unreadable;

  /**
   * What was restored.
   *
   * @param rows rows that were written; in a dry run, those that would be
   * @param unreadable records that cannot be decoded
   * @param refused rows that the database rejects
   */
  record Result(long rows, long unreadable, long refused) {
    static final Result NONE = new Result(0, 0, 0);
  }

  private IdentityRestore(
      TierReplay.IdentitySource source,
      RestoreSettings settings,
      @Nullable String tenant,
      Serde<AliasLinks> serde,
      BulkWriter writer,
      ProblemLog problems) {
    this.source = source;
    this.settings = settings;
    this.tenant = tenant;
    this.serde = serde;
    this.writer = writer;
    this.problems = problems;
    this.rate = new RowRate(settings.rate(), System::nanoTime);
  }

  /**
   * Reads the topic to its current end and writes its rows.
   *
   * @param tenant only this tenant's; null: all
   * @throws ReplayException if Kafka is unavailable
   * @throws io.postflight.store.StoreException if no write can succeed
   */
  static Result run(
      TierReplay replay,
      RangeReader reader,
      EventWriter store,
      RestoreSettings settings,
      @Nullable String tenant,
      ProblemLog problems)
      throws InterruptedException {
    TierReplay.IdentitySource source = replay.identity();
    if (source == null) {
      return Result.NONE;
    }
    try (Serde<AliasLinks> serde = replay.serdes().value(AliasLinks.class);
        BulkWriter writer =
            new BulkWriter("restore-" + settings.id() + "-identity", store, replay.limits())) {
      IdentityRestore restore =
          new IdentityRestore(source, settings, tenant, serde, writer, problems);
      reader.read(reader.spansOf(source.topic()), restore);
      boolean written = writer.awaitEmpty(WAIT);
      while (!written) {
        written = writer.awaitEmpty(WAIT);
      }
      return new Result(restore.rows.sum(), restore.unreadable, restore.refused.sum());
    }
  }

  @Override
  public void record(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    if (record.value() == null) {
      return;
    }
    AliasLinks all;
    try {
      all =
          ValueDecoder.decode(
              serde.deserializer(), record.topic(), record.headers(), record.value());
    } catch (PoisonRecordException poison) {
      unreadable++;
      problems.add(TierRecordDecoder.describe(record), String.valueOf(poison.getMessage()));
      return;
    } catch (RetriableException unavailable) {
      throw ReplayException.unavailable(
          "the schema registry is unavailable: " + unavailable.getMessage(), unavailable);
    }
    if ((tenant == null || tenant.equals(all.getTenant()))
        && source.tenants().test(all.getTenant())) {
      write(record, all);
    }
  }

  private void write(ConsumerRecord<?, ?> record, AliasLinks all) throws InterruptedException {
    rate.await(1);
    if (settings.dryRun()) {
      rows.increment();
      return;
    }
    Row row =
        new IdentityRow(
            new AliasLinks(
                all.getTenant(),
                all.getAlias(),
                all.getUpdatedAt(),
                LinkUpdates.shown(all.getAlias(), all.getLinks())));
    BulkWriter.Settled settled = refusal -> settled(record, refusal);
    boolean submitted = writer.submit(List.of(row), settled, WAIT);
    while (!submitted) {
      submitted = writer.submit(List.of(row), settled, WAIT);
    }
  }

  private void settled(ConsumerRecord<?, ?> record, @Nullable String refusal) {
    if (refusal == null) {
      rows.increment();
    } else {
      refused.increment();
      problems.add(TierRecordDecoder.describe(record), refusal);
    }
  }
}
