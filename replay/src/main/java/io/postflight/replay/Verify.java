package io.postflight.replay;

import io.postflight.schema.message.TierRecord;
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
  private final RowLooks looks;
  private final Suspects suspects;
  private final Findings findings;
  private final Problems problems = new Problems();
  private final Consumer<Progress> progress;
  private final Erasures erasures;
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
    this.erasures = Erasures.read(replay);
    RowComparison comparison =
        new RowComparison(replay.tier(), settings.tolerance(), settings.late());
    this.findings =
        new Findings(
            settings.kept(),
            each,
            repair == null
                ? null
                : new RowRepair(replay, comparison, repair, System::currentTimeMillis),
            problems);
    this.suspects = new Suspects(replay, comparison, settings, erasures, findings);
    this.looks = new RowLooks(reader, settings.concurrency(), replay.patience(), suspects);
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
        new CommandsAgain(store.eraser(), replay.patience())
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
        TierRecords decoder = new TierRecords(replay)) {
      Map<TopicPartition, Span> spans = reader.spans(settings.from(), settings.to());
      Long to = settings.to();
      if (to != null) {
        erasures.addCommands(reader, decoder, reader.spans(to, null));
      }
      recordsToRead = spans.values().stream().mapToLong(Span::length).sum();
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
    List<Look> due = suspects.due();
    if (due.isEmpty()) {
      Thread.sleep(NAP_MILLIS);
      return;
    }
    erasures.refresh();
    for (Look look : due) {
      Look renewed = suspects.renewed(look);
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
    private final TierRecords decoder;
    private final Map<TopicPartition, Span> spans;
    private final Map<BatchKey, Look> batch = new LinkedHashMap<>();

    private record BatchKey(RowKey key, boolean erased) {}

    private Batches(TierRecords decoder, Map<TopicPartition, Span> spans) {
      this.decoder = decoder;
      this.spans = spans;
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> source) {
      records++;
      TierRecords.Read read = decoder.read(source);
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
        Look look = Look.first(source, record, row);
        batch.merge(new BatchKey(row.key(), row.erased()), look, Look::later);
      }
    }

    private void unreadable(ConsumerRecord<?, ?> source, String why) {
      unreadable++;
      problems.add(TierRecords.describe(source), why);
    }

    @Override
    public boolean polled(Map<TopicPartition, Long> positions) throws InterruptedException {
      for (Look look : batch.values()) {
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
      for (Map.Entry<TopicPartition, Span> each : spans.entrySet()) {
        done +=
            positions.getOrDefault(each.getKey(), each.getValue().from()) - each.getValue().from();
      }
      return done;
    }
  }
}
