package io.postflight.replay;

import io.postflight.schema.message.TierRecord;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.store.RowKey;
import io.postflight.store.RowReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a tier's topic with its tables, row by row, while both go on changing.
 *
 * <p>A row that is not as its record says is looked at again later, a few times, in the light of
 * what has been erased meanwhile: its write may still be on its way. What is in memory is bounded:
 * the rows of one poll, the reads under way, and the rows to be looked at again; when there are too
 * many of those, reading waits for them.
 */
public final class Verify {
  private static final Logger LOG = LoggerFactory.getLogger(Verify.class);
  private static final long NAP_MILLIS = 50;

  private final TierReplay replay;
  private final VerifySettings settings;
  private final RowChecks looks;
  private final PendingRechecks suspects;
  private final DifferenceCollector findings;
  private final ProblemLog problems = new ProblemLog();
  private final Consumer<Progress> progress;
  private final KnownErasures erasures;
  private final long begun = System.nanoTime();

  private long recordsToRead;
  private long records;
  private long commands;
  private long unreadable;

  /**
   * How far a verification is.
   *
   * @param done offsets read
   * @param total offsets of the range
   * @param rowsChecked rows looked at
   * @param suspects rows that wait for another look, or to be decided upon
   * @param different rows found different
   */
  public record Progress(long done, long total, long rowsChecked, long suspects, long different) {}

  private Verify(
      TierReplay replay,
      VerifySettings settings,
      RowReader reader,
      @Nullable ReplayStore repair,
      Consumer<Difference> each,
      Consumer<Progress> progress) {
    this.replay = replay;
    this.settings = settings;
    this.progress = progress;
    this.erasures = KnownErasures.read(replay);
    RowComparison comparison =
        new RowComparison(replay.tier(), settings.tolerance(), settings.late());
    this.findings =
        new DifferenceCollector(
            settings.kept(),
            each,
            repair == null
                ? null
                : new RowRepair(replay, comparison, repair, System::currentTimeMillis),
            problems);
    this.suspects = new PendingRechecks(replay, comparison, settings, erasures, findings);
    this.looks = new RowChecks(reader, settings.concurrency(), replay.timeout(), suspects);
  }

  /**
   * Compares, and changes nothing.
   *
   * @param reader of the tier's cluster
   * @throws ReplayException if a server that is needed does not answer
   * @throws InterruptedException if the thread is interrupted
   */
  public static VerifyReport run(TierReplay replay, RowReader reader, VerifySettings settings)
      throws InterruptedException {
    return run(replay, reader, settings, difference -> {}, progress -> {});
  }

  /**
   * The same.
   *
   * @param each told of each difference as it is found
   * @param progress told now and then
   */
  public static VerifyReport run(
      TierReplay replay,
      RowReader reader,
      VerifySettings settings,
      Consumer<Difference> each,
      Consumer<Progress> progress)
      throws InterruptedException {
    return new Verify(replay, settings, reader, null, each, progress).run();
  }

  /**
   * Applies the tier's commands of erasure again, compares, writes again what is different, deletes
   * what should have been erased, and looks whether that helped.
   */
  public static VerifyReport repair(
      TierReplay replay,
      ReplayStore store,
      VerifySettings settings,
      Consumer<Difference> each,
      Consumer<Progress> progress)
      throws InterruptedException {
    Verify verify = new Verify(replay, settings, store.reader(), store, each, progress);
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
        erasures.addCommands(reader, decoder, reader.spans(to, null));
      }
      recordsToRead = spans.values().stream().mapToLong(OffsetRange::length).sum();
      reader.read(spans, new Batches(decoder, spans));
    }
    awaitLooks();
    while (suspects.size() > 0) {
      tell(recordsToRead);
      lookAgain();
    }
    tell(recordsToRead);
    LOG.debug("Verified {} rows of {}", suspects.checked(), replay.topics());
    return new VerifyReport(
        records,
        commands,
        unreadable,
        suspects.checked(),
        suspects.expired(),
        suspects.erased(),
        suspects.deadLettered(),
        suspects.late(),
        suspects.rechecked(),
        findings.different(),
        findings.repaired(),
        findings.refused(),
        problems.all(),
        findings.kept(),
        findings.redo(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
  }

  /** Looks again at what is due, or naps if nothing is. */
  private void lookAgain() throws InterruptedException {
    List<RowCheck> due = suspects.due();
    if (due.isEmpty()) {
      Thread.sleep(NAP_MILLIS);
      return;
    }
    erasures.refresh();
    for (RowCheck look : due) {
      RowCheck renewed = suspects.renewed(look);
      if (renewed != null) {
        looks.begin(renewed);
      }
    }
    awaitLooks();
  }

  private void awaitLooks() throws InterruptedException {
    looks.awaitAll();
    suspects.settle();
  }

  private void tell(long done) {
    progress.accept(
        new Progress(
            done, recordsToRead, suspects.checked(), suspects.size(), findings.different()));
  }

  /**
   * Rows of one poll. Of several writes of one row the last is looked at: if it is right, the
   * earlier ones were right or are gone.
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
      TierRecordDecoder.Read read = decoder.read(source);
      TierRecord record = read.record();
      if (record == null) {
        unreadable(source, String.valueOf(read.fault()));
      } else if (record.getCommand() != null) {
        commands++;
        // What the lifecycle makes of a command for each message stands here alone.
        erasures.add(record.getCommand());
      } else if (settings.tenant() == null || settings.tenant().equals(record.getTenant())) {
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
        RowCheck look = RowCheck.first(source, record, row);
        batch.merge(new BatchKey(row.key(), row.erased()), look, RowCheck::later);
      }
    }

    private void unreadable(ConsumerRecord<?, ?> source, String why) {
      unreadable++;
      problems.add(TierRecordDecoder.describe(source), why);
    }

    @Override
    public boolean polled(Map<TopicPartition, Long> positions) throws InterruptedException {
      for (RowCheck look : batch.values()) {
        looks.begin(look);
      }
      batch.clear();
      looks.collect();
      tell(done(positions));
      if (suspects.hasDue() || suspects.areTooMany()) {
        do {
          awaitLooks();
          lookAgain();
        } while (suspects.areTooMany());
      }
      return true;
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
