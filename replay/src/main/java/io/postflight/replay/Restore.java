package io.postflight.replay;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import io.postflight.sink.write.BulkWriter;
import io.postflight.store.RemainingTtl;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a range of a tier topic to its tables again: a bounded job that runs beside live traffic.
 *
 * <p>Progress is kept in a separate consumer group: an offset is committed once the database has
 * acknowledged all rows before it, so a killed job resumes. Rows equal the sink's, with its write
 * timestamps and remaining TTL, so repeating any part is idempotent. Erased data is skipped; at the
 * end the ledger's commands are applied again, for rows that came from elsewhere, such as a backup.
 */
public final class Restore {
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration LAST_WAIT = Duration.ofSeconds(3);

  private final TierReplay replay;
  private final RestoreSettings settings;
  private final ReplayStore store;
  private final Consumer<RestoreProgress> progress;
  private final RequestRetry retry;
  private final ErasureReplay erasing;
  private final RowRate rate;
  private final ProblemLog problems = new ProblemLog();
  private final AtomicLong refused = new AtomicLong();
  private final long begun = System.nanoTime();

  private long records;
  private long commands;
  private long unreadable;
  private long rowsRead;
  private long rowsCounted;
  private long rowsExpired;
  private long rowsErased;

  private Restore(
      TierReplay replay,
      RestoreSettings settings,
      ReplayStore store,
      Consumer<RestoreProgress> progress) {
    this.replay = replay;
    this.settings = settings;
    this.store = store;
    this.progress = progress;
    this.retry = new RequestRetry(replay.timeout());
    this.erasing = new ErasureReplay(store.eraser(), replay.timeout());
    this.rate = new RowRate(settings.rate(), System::nanoTime);
  }

  /** The consumer group with the progress of a job. */
  public static String group(TierReplay replay, String id) {
    return replay.groupPrefix() + "restore." + id;
  }

  /**
   * Runs a restore.
   *
   * @param progress receives the progress periodically
   * @throws ReplayException if a required server is unavailable, or there is no job to resume;
   *     progress is kept, and the job can be resumed
   * @throws InterruptedException if the thread is interrupted; the job can be resumed
   */
  public static RestoreReport run(
      TierReplay replay,
      ReplayStore store,
      RestoreSettings settings,
      Consumer<RestoreProgress> progress)
      throws InterruptedException {
    try {
      return new Restore(replay, settings, store, progress).run();
    } catch (InterruptException interrupted) {
      throw RangeReader.interrupted(interrupted);
    }
  }

  private RestoreReport run() throws InterruptedException {
    if (!settings.dryRun()) {
      retry.get(store.writer()::probe);
    }
    KnownErasures erasures = KnownErasures.read(replay);
    String group = settings.dryRun() ? null : group(replay, settings.id());
    try (RangeReader reader = new RangeReader(replay, group);
        TierRecordDecoder decoder = new TierRecordDecoder(replay);
        BulkWriter writer =
            new BulkWriter("restore-" + settings.id(), store.writer(), replay.limits())) {
      RestoreJob job = RestoreJob.begin(reader, replay, settings);
      Long to = job.range().to();
      if (to != null) {
        erasures.addCommands(reader, decoder, reader.spansFrom(to));
      }
      Pass pass = new Pass(job, reader, decoder, writer, erasures);
      Long coveredFrom = job.coveredFrom(reader);
      try {
        reader.read(job.spans(), pass);
        pass.finish();
      } catch (InterruptedException | InterruptException interrupted) {
        pass.interrupt();
        throw interrupted;
      } catch (StoreException fatal) {
        throw new ReplayException(
            ReplayException.Reason.INVALID, String.valueOf(fatal.getMessage()), fatal);
      }
      List<Erasure> again = List.of();
      long rowsErasedAgain = 0;
      if (!settings.dryRun()) {
        erasures.refresh();
        String tenant = job.range().tenant();
        again = List.copyOf(erasures.commands(each -> tenant == null || tenant.equals(each)));
        rowsErasedAgain = erasing.apply(again);
      }
      pass.report(true);
      return new RestoreReport(
          settings.id(),
          settings.dryRun(),
          records,
          commands,
          unreadable,
          refused.get(),
          rowsRead,
          settings.dryRun() ? rowsCounted : writer.written(),
          rowsExpired + writer.expired(),
          rowsErased,
          again.size(),
          rowsErasedAgain,
          problems.all(),
          coveredFrom,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }
  }

  private void problem(ConsumerRecord<?, ?> record, String why) {
    problems.add(TierRecordDecoder.describe(record), why);
  }

  /** One pass over the remaining range. */
  private final class Pass implements RangeReader.Sink {
    private final RestoreJob job;
    private final RangeReader reader;
    private final TierRecordDecoder decoder;
    private final BulkWriter writer;
    private final KnownErasures erasures;
    private final AcknowledgedOffsets acknowledged;
    private final long total;
    private final DerivedCommands derived = new DerivedCommands(erasing, this::drain);
    private Map<TopicPartition, Long> positions = Map.of();
    private long committedAt = System.nanoTime();

    private Pass(
        RestoreJob job,
        RangeReader reader,
        TierRecordDecoder decoder,
        BulkWriter writer,
        KnownErasures erasures) {
      this.job = job;
      this.reader = reader;
      this.decoder = decoder;
      this.writer = writer;
      this.erasures = erasures;
      this.acknowledged = new AcknowledgedOffsets(job.spans());
      this.total = job.spans().values().stream().mapToLong(OffsetRange::length).sum();
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> source) throws InterruptedException {
      records++;
      Runnable done = acknowledged.track(source);
      try {
        handle(source, decoder.decode(source), done);
      } catch (PoisonRecordException poison) {
        unreadable(source, String.valueOf(poison.getMessage()), done);
      }
      commitPeriodically();
    }

    private void handle(ConsumerRecord<?, ?> source, TierRecord record, Runnable done)
        throws InterruptedException {
      if (job.range().tenant() != null && !job.range().tenant().equals(record.getTenant())) {
        done.run();
      } else if (record.getCommand() != null) {
        commands++;
        erase(record.getCommand(), done);
      } else {
        derived.apply();
        write(source, record, done);
      }
    }

    private void unreadable(ConsumerRecord<?, ?> source, String why, Runnable done) {
      unreadable++;
      problem(source, why);
      done.run();
    }

    /**
     * A command of the ledger is applied at the end. One that leads to rows of which the ledger
     * does not know is applied in place: a resumed job reads only what comes after it.
     */
    private void erase(Erasure command, Runnable done) throws InterruptedException {
      if (erasures.add(command) && !settings.dryRun()) {
        derived.add(command, done);
      } else {
        done.run();
      }
    }

    private void write(ConsumerRecord<?, ?> source, TierRecord record, Runnable done)
        throws InterruptedException {
      List<ExpectedRow> expected;
      try {
        expected = ExpectedRows.of(record, replay, erasures);
      } catch (RuntimeException contradictory) {
        unreadable(source, String.valueOf(contradictory.getMessage()), done);
        return;
      }
      long now = System.currentTimeMillis();
      List<Row> rows = new ArrayList<>(expected.size());
      for (ExpectedRow each : expected) {
        rowsRead++;
        if (each.erased()) {
          rowsErased++;
        } else if (RemainingTtl.of(each.row().expiryAnchorMillis(), replay.tier().retention(), now)
            .expired()) {
          rowsExpired++;
        } else {
          rows.add(each.row());
        }
      }
      if (rows.isEmpty()) {
        done.run();
        return;
      }
      rate.await(rows.size(), () -> report(false));
      if (settings.dryRun()) {
        rowsCounted += rows.size();
        done.run();
        return;
      }
      submit(rows, refusal -> settled(source, refusal, done));
    }

    private void submit(List<Row> rows, BulkWriter.Settled settled) throws InterruptedException {
      while (!writer.submit(rows, settled, WAIT)) {
        commitPeriodically();
        report(false);
      }
    }

    private void settled(ConsumerRecord<?, ?> source, @Nullable String refusal, Runnable done) {
      if (refusal != null) {
        refused.incrementAndGet();
        problem(source, refusal);
      }
      done.run();
    }

    @Override
    public void polled(Map<TopicPartition, Long> handedOn) {
      positions = handedOn;
      commitPeriodically();
      report(false);
    }

    /** Awaits everything in flight and commits. */
    void finish() throws InterruptedException {
      derived.apply();
      drain();
      commit();
    }

    private void drain() throws InterruptedException {
      while (!writer.awaitEmpty(WAIT)) {
        commitPeriodically();
        report(false);
      }
    }

    /** Commits what is acknowledged before an early end. */
    void interrupt() {
      boolean unused = Thread.interrupted(); // or waiting and the commit would fail
      try {
        boolean unusedToo = writer.awaitEmpty(LAST_WAIT);
      } catch (InterruptedException | StoreException hurried) {
        // What is not acknowledged is written again by the resumed job.
      }
      commit();
    }

    private void commitPeriodically() {
      if (System.nanoTime() - committedAt >= COMMIT_NANOS) {
        commit();
      }
    }

    private void commit() {
      committedAt = System.nanoTime();
      if (settings.dryRun()) {
        return;
      }
      Map<TopicPartition, OffsetAndMetadata> offsets = new TreeMap<>(TopicLog.ORDER);
      acknowledged
          .below(positions)
          .forEach(
              (partition, offset) -> {
                OffsetRange span = job.spans().get(partition);
                if (span != null) {
                  offsets.put(partition, new OffsetAndMetadata(offset, job.metadata(span)));
                }
              });
      reader.commit(offsets);
    }

    void report(boolean last) {
      long written = settings.dryRun() ? rowsCounted : writer.written();
      long done = last ? total : acknowledged.done(positions);
      long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
      progress.accept(
          new RestoreProgress(
              done,
              total,
              rowsRead,
              written,
              rowsExpired + writer.expired(),
              rowsErased,
              written * 1000 / millis,
              writer.inFlight(),
              done == 0 ? -1 : (long) ((double) (total - done) * millis / done / 1000)));
    }
  }
}
