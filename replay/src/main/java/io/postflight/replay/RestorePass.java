package io.postflight.replay;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import io.postflight.sink.write.BulkWriter;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One pass of a restore over its range, by several readers of disjoint partitions, which share a
 * writer. The thread that runs it applies commands, commits and reports.
 */
final class RestorePass {
  /** More than the database of the largest restore that was measured could use. */
  private static final int READERS = Math.min(4, Runtime.getRuntime().availableProcessors());

  private static final Duration WAIT = Duration.ofMillis(100);
  private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration LAST_WAIT = Duration.ofSeconds(3);

  private final TierReplay replay;
  private final RestoreSettings settings;
  private final RestoreJob job;
  private final Consumer<RestoreProgress> progress;
  private final RangeReader commits;
  private final BulkWriter writer;
  private final KnownErasures erasures;
  private final DerivedCommands derived;
  private final RowRate rate;
  private final AcknowledgedOffsets acknowledged;
  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private final ProblemLog problems;
  private final long total;
  private final long begun = System.nanoTime();
  private long committedAt = begun;

  private final LongAdder records = new LongAdder();
  private final LongAdder commands = new LongAdder();
  private final LongAdder unreadable = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder rowsRead = new LongAdder();
  private final LongAdder rowsCounted = new LongAdder();
  private final LongAdder rowsExpired = new LongAdder();
  private final LongAdder rowsErased = new LongAdder();

  /** What is restored, and who receives the progress. */
  record Task(
      TierReplay replay,
      RestoreSettings settings,
      RestoreJob job,
      ProblemLog problems,
      Consumer<RestoreProgress> progress) {}

  /**
   * Begins a pass.
   *
   * @param commits commits offsets, and does not read meanwhile
   */
  RestorePass(
      Task task,
      RangeReader commits,
      BulkWriter writer,
      KnownErasures erasures,
      DerivedCommands derived) {
    this.replay = task.replay();
    this.settings = task.settings();
    this.job = task.job();
    this.problems = task.problems();
    this.progress = task.progress();
    this.commits = commits;
    this.writer = writer;
    this.erasures = erasures;
    this.derived = derived;
    this.rate = new RowRate(settings.rate(), System::nanoTime);
    this.acknowledged = new AcknowledgedOffsets(job.spans());
    this.total = job.spans().values().stream().mapToLong(OffsetRange::length).sum();
  }

  /** Reads the range, while this thread applies commands, commits and reports. */
  void run() throws InterruptedException {
    List<Map<TopicPartition, OffsetRange>> parts = parts();
    ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, parts.size()), thread());
    try {
      CompletionService<Void> readers = new ExecutorCompletionService<>(threads);
      parts.forEach(part -> readers.submit(() -> read(part)));
      for (int left = parts.size(); left > 0; ) {
        derived.apply(WAIT.toMillis());
        if (!derived.isEmpty()) {
          // Readers may all wait for it, and then none of them finds that no write can succeed.
          boolean unused = writer.awaitEmpty(Duration.ZERO);
        }
        for (Future<Void> done = readers.poll(); done != null; done = readers.poll()) {
          requireSuccess(done);
          left--;
        }
        commitPeriodically();
        report(false);
      }
    } finally {
      stop(threads);
    }
    finish();
  }

  /** Disjoint, as many as there are readers. */
  private List<Map<TopicPartition, OffsetRange>> parts() {
    List<Map<TopicPartition, OffsetRange>> parts = new ArrayList<>();
    job.spans()
        .forEach(
            (partition, span) -> {
              if (span.length() > 0) {
                if (parts.size() < READERS) {
                  parts.add(new TreeMap<>(TopicLog.ORDER));
                }
                parts.stream()
                    .min(Comparator.comparingInt(Map::size))
                    .orElseThrow()
                    .put(partition, span);
              }
            });
    return parts;
  }

  private ThreadFactory thread() {
    return task -> {
      Thread thread = new Thread(task, "restore-" + settings.id());
      thread.setDaemon(true);
      return thread;
    };
  }

  private @Nullable Void read(Map<TopicPartition, OffsetRange> part) throws InterruptedException {
    try (RangeReader reader = new RangeReader(replay, null);
        TierRecordDecoder decoder = new TierRecordDecoder(replay)) {
      reader.read(part, new PartitionsSink(decoder));
    }
    return null;
  }

  private void requireSuccess(Future<Void> reader) throws InterruptedException {
    try {
      var unused = reader.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  /** Stops the readers, if they are not done, and awaits their end. */
  private void stop(ExecutorService threads) {
    boolean interrupted = Thread.interrupted();
    threads.shutdownNow();
    try {
      boolean unused = threads.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException again) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Awaits everything in flight, applies the last commands and commits. */
  private void finish() throws InterruptedException {
    while (!writer.awaitEmpty(WAIT) || !derived.isEmpty()) {
      derived.apply(0);
      commitPeriodically();
      report(false);
    }
    commit();
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
    commits.commit(offsets);
  }

  void report(boolean last) {
    long written = written();
    long done = last ? total : acknowledged.done(positions);
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    progress.accept(
        new RestoreProgress(
            done,
            total,
            rowsRead.sum(),
            written,
            rowsExpired.sum() + writer.expired(),
            rowsErased.sum(),
            written * 1000 / millis,
            writer.inFlight(),
            done == 0 ? -1 : (long) ((double) (total - done) * millis / done / 1000)));
  }

  /**
   * What was restored.
   *
   * @param identities links that were restored before
   * @param again number of commands that were applied at the end
   * @param rowsErasedAgain rows that these erased
   * @param nanos since the restore began
   */
  RestoreReport result(
      IdentityRestore.Result identities,
      int again,
      long rowsErasedAgain,
      @Nullable Long coveredFrom,
      long nanos) {
    return new RestoreReport(
        settings.id(),
        settings.dryRun(),
        records.sum(),
        commands.sum(),
        unreadable.sum() + identities.unreadable(),
        refused.sum() + identities.refused(),
        rowsRead.sum(),
        written(),
        rowsExpired.sum() + writer.expired(),
        rowsErased.sum(),
        identities.rows(),
        again,
        rowsErasedAgain,
        problems.all(),
        coveredFrom,
        TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  private long written() {
    return settings.dryRun() ? rowsCounted.sum() : writer.written();
  }

  /** Restores the records of one reader. */
  private final class PartitionsSink implements RangeReader.Sink {
    private final TierRecordDecoder decoder;

    private PartitionsSink(TierRecordDecoder decoder) {
      this.decoder = decoder;
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> source) throws InterruptedException {
      records.increment();
      Runnable done = acknowledged.track(source);
      try {
        handle(source, decoder.decode(source), done);
      } catch (PoisonRecordException poison) {
        unreadable(source, String.valueOf(poison.getMessage()), done);
      }
    }

    private void handle(ConsumerRecord<?, ?> source, TierRecord record, Runnable done)
        throws InterruptedException {
      String tenant = job.range().tenant();
      if (tenant != null && !tenant.equals(record.getTenant())) {
        done.run();
      } else if (record.getCommand() != null) {
        commands.increment();
        erase(record.getCommand(), done);
      } else {
        Runnable written = derived.begin();
        write(
            source,
            record,
            () -> {
              done.run();
              written.run();
            });
      }
    }

    private void unreadable(ConsumerRecord<?, ?> source, String why, Runnable done) {
      unreadable.increment();
      problems.add(TierRecordDecoder.describe(source), why);
      done.run();
    }

    /**
     * A command of the ledger is applied at the end. One that leads to rows of which the ledger
     * does not know is applied once every record that began before it is written, while later ones
     * are. Its offset is committed after that: a resumed job reads only what comes after it.
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
        rowsRead.increment();
        if (each.erased()) {
          rowsErased.increment();
        } else if (each.row().remainingTtl(replay.tier().retention(), now).expired()) {
          rowsExpired.increment();
        } else {
          rows.add(each.row());
        }
      }
      if (rows.isEmpty()) {
        done.run();
        return;
      }
      rate.await(rows.size());
      if (settings.dryRun()) {
        rowsCounted.add(rows.size());
        done.run();
        return;
      }
      BulkWriter.Settled settled = refusal -> settled(source, refusal, done);
      boolean submitted = writer.submit(rows, settled, WAIT);
      while (!submitted) {
        submitted = writer.submit(rows, settled, WAIT);
      }
    }

    private void settled(ConsumerRecord<?, ?> source, @Nullable String refusal, Runnable done) {
      if (refusal != null) {
        refused.increment();
        problems.add(TierRecordDecoder.describe(source), refusal);
      }
      done.run();
    }

    @Override
    public void polled(Map<TopicPartition, Long> handedOn) {
      positions.putAll(handedOn);
    }
  }
}
