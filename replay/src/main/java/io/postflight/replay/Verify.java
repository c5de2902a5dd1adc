package io.postflight.replay;

import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.store.RowKey;
import io.postflight.store.RowReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a tier topic with its tables, row by row, while both change.
 *
 * <p>A row that differs is checked again later, a few times, after newer erasures: its write may
 * still be in flight. Memory is bounded: the rows of one poll, the reads in flight, and the pending
 * rechecks; when there are too many of those, reading pauses.
 */
public final class Verify {
  private static final Logger LOG = LoggerFactory.getLogger(Verify.class);
  private static final long IDLE_MILLIS = 50;

  private final TierReplay replay;
  private final VerifySettings settings;
  private final RowChecks checks;
  private final PendingRechecks rechecks;
  private final DifferenceCollector findings;
  private final ProblemLog problems = new ProblemLog();
  private final VerifyListener listener;
  private final KnownErasures erasures;
  private final long begun = System.nanoTime();

  private long recordsToRead;
  private long records;
  private long commands;
  private long unreadable;

  private Verify(
      TierReplay replay,
      VerifySettings settings,
      RowReader reader,
      @Nullable ReplayStore repair,
      VerifyListener listener) {
    this.replay = replay;
    this.settings = settings;
    this.listener = listener;
    this.erasures = KnownErasures.read(replay);
    RowComparison comparison =
        new RowComparison(replay.tier(), settings.tolerance(), settings.late());
    this.findings =
        new DifferenceCollector(
            settings.kept(),
            listener::found,
            repair == null
                ? null
                : new RowRepair(replay, comparison, repair, System::currentTimeMillis),
            problems);
    this.rechecks = new PendingRechecks(replay, comparison, settings, erasures, findings);
    this.checks = new RowChecks(reader, settings.concurrency(), replay.timeout(), rechecks);
  }

  /**
   * Compares without changes.
   *
   * @param reader of the tier's cluster
   * @throws ReplayException if a required server is unavailable
   * @throws InterruptedException if the thread is interrupted
   */
  public static VerifyReport run(TierReplay replay, RowReader reader, VerifySettings settings)
      throws InterruptedException {
    return run(replay, reader, settings, progress -> {});
  }

  /**
   * Compares without changes.
   *
   * @param reader of the tier's cluster
   * @throws ReplayException if a required server is unavailable
   * @throws InterruptedException if the thread is interrupted
   */
  public static VerifyReport run(
      TierReplay replay, RowReader reader, VerifySettings settings, VerifyListener listener)
      throws InterruptedException {
    return new Verify(replay, settings, reader, null, listener).run();
  }

  /**
   * Applies the tier's commands of erasure again, compares, writes again what is different, deletes
   * what should have been erased, and checks whether that helped.
   */
  public static VerifyReport repair(
      TierReplay replay, ReplayStore store, VerifySettings settings, VerifyListener listener)
      throws InterruptedException {
    Verify verify = new Verify(replay, settings, store.reader(), store, listener);
    long unused =
        new ErasureReplay(store.eraser(), replay.timeout())
            .apply(
                verify.erasures.commands(
                    tenant -> settings.tenant() == null || tenant.equals(settings.tenant())));
    return verify.run();
  }

  private VerifyReport run() throws InterruptedException {
    try {
      return compare();
    } catch (InterruptException interrupted) {
      throw RangeReader.interrupted(interrupted);
    }
  }

  private VerifyReport compare() throws InterruptedException {
    try (RangeReader reader = new RangeReader(replay, null);
        TierRecordDecoder decoder = new TierRecordDecoder(replay)) {
      Map<TopicPartition, OffsetRange> spans = reader.spans(settings.from(), settings.to());
      Long to = settings.to();
      if (to != null) {
        erasures.addCommands(reader, decoder, reader.spansFrom(to));
      }
      recordsToRead = spans.values().stream().mapToLong(OffsetRange::length).sum();
      reader.read(spans, new Batches(decoder, spans));
    }
    awaitChecks();
    while (rechecks.size() > 0) {
      report(recordsToRead);
      recheck();
    }
    report(recordsToRead);
    LOG.debug("Verified {} rows of {}", rechecks.checked(), replay.topics());
    return new VerifyReport(
        records,
        commands,
        unreadable,
        rechecks.checked(),
        rechecks.expired(),
        rechecks.erased(),
        rechecks.deadLettered(),
        rechecks.late(),
        rechecks.rechecked(),
        findings.different(),
        findings.repaired(),
        findings.refused(),
        problems.all(),
        findings.kept(),
        findings.redo(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
  }

  /** Repeats the checks that are due, or sleeps if none are. */
  private void recheck() throws InterruptedException {
    List<RowCheck> due = rechecks.due();
    if (due.isEmpty()) {
      Thread.sleep(IDLE_MILLIS);
      return;
    }
    erasures.refresh();
    for (RowCheck check : due) {
      RowCheck renewed = rechecks.renewed(check);
      if (renewed != null) {
        checks.begin(renewed);
      }
    }
    awaitChecks();
  }

  private void awaitChecks() throws InterruptedException {
    checks.awaitAll();
    rechecks.settle();
  }

  private void report(long done) {
    listener.at(
        new VerifyProgress(
            done, recordsToRead, rechecks.checked(), rechecks.size(), findings.different()));
  }

  /**
   * Rows of one poll. Of several writes of one row the last is checked: if it is correct, the
   * earlier ones were correct or have been replaced.
   */
  private final class Batches implements RangeReader.Sink {
    private final TierRecordDecoder decoder;
    private final Map<TopicPartition, OffsetRange> spans;
    private final Map<BatchKey, RowCheck> batch = new LinkedHashMap<>();

    private record BatchKey(RowKey key, boolean erased) {}

    private Batches(TierRecordDecoder decoder, Map<TopicPartition, OffsetRange> spans) {
      this.decoder = decoder;
      this.spans = spans;
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> source) {
      records++;
      TierRecord record;
      try {
        record = decoder.decode(source);
      } catch (PoisonRecordException poison) {
        unreadable(source, String.valueOf(poison.getMessage()));
        return;
      }
      if (record.getCommand() != null) {
        commands++;
        // Commands that the lifecycle derives for each message exist only here.
        erasures.add(record.getCommand());
      } else if (record.getIdentity() == null
          && (settings.tenant() == null || settings.tenant().equals(record.getTenant()))) {
        // Links are not compared: a later update may have deleted the row and left no timestamp.
        take(source, record);
      }
    }

    private void take(ConsumerRecord<byte[], byte[]> source, TierRecord record) {
      List<ExpectedRow> rows;
      try {
        rows = ExpectedRows.of(record, replay, erasures);
      } catch (RuntimeException contradictory) {
        unreadable(source, String.valueOf(contradictory.getMessage()));
        return;
      }
      for (ExpectedRow row : rows) {
        RowCheck check = RowCheck.first(source, record, row);
        batch.merge(new BatchKey(row.key(), row.erased()), check, RowCheck::later);
      }
    }

    private void unreadable(ConsumerRecord<?, ?> source, String why) {
      unreadable++;
      problems.add(TierRecordDecoder.describe(source), why);
    }

    @Override
    public void polled(Map<TopicPartition, Long> positions) throws InterruptedException {
      for (RowCheck check : batch.values()) {
        checks.begin(check);
      }
      batch.clear();
      checks.collect();
      report(done(positions));
      if (rechecks.hasDue() || rechecks.isFull()) {
        do {
          awaitChecks();
          recheck();
        } while (rechecks.isFull());
      }
    }

    private long done(Map<TopicPartition, Long> positions) {
      long done = 0;
      for (Map.Entry<TopicPartition, OffsetRange> each : spans.entrySet()) {
        done +=
            positions.getOrDefault(each.getKey(), each.getValue().from()) - each.getValue().from();
      }
      return done;
    }
  }
}
