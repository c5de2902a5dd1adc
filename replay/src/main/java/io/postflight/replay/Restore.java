package io.postflight.replay;

import io.postflight.schema.erasure.Erasure;
import io.postflight.sink.write.BulkWriter;
import io.postflight.store.StoreException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Writes a range of a tier topic to its tables again: a bounded job that runs beside live traffic.
 *
 * <p>Progress is kept in a separate consumer group: an offset is committed once the database has
 * acknowledged all rows before it, so a killed job resumes. Rows equal the sink's, with its write
 * timestamps and remaining TTL, so repeating any part is idempotent. The links of ids are written
 * first, all of them. Erased data is skipped; at the end the ledger's commands are applied again,
 * for rows that came from elsewhere, such as a backup.
 */
public final class Restore {
  private final TierReplay replay;
  private final RestoreSettings settings;
  private final ReplayStore store;
  private final Consumer<RestoreProgress> progress;
  private final RequestRetry retry;
  private final ErasureReplay erasing;
  private final long begun = System.nanoTime();

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
        BulkWriter writer =
            new BulkWriter("restore-" + settings.id(), store.writer(), replay.limits())) {
      RestoreJob job = RestoreJob.begin(reader, replay, settings);
      Long to = job.range().to();
      if (to != null) {
        try (TierRecordDecoder decoder = new TierRecordDecoder(replay)) {
          erasures.addCommands(reader, decoder, reader.spansFrom(to));
        }
      }
      ProblemLog problems = new ProblemLog();
      RestorePass pass =
          new RestorePass(
              new RestorePass.Task(replay, settings, job, problems, progress),
              reader,
              writer,
              erasures,
              new DerivedCommands(erasing));
      Long coveredFrom = job.coveredFrom(reader);
      IdentityRestore.Result identities;
      try {
        identities =
            IdentityRestore.run(
                replay, reader, store.writer(), settings, job.range().tenant(), problems);
        pass.run();
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
      return pass.result(
          identities, again.size(), rowsErasedAgain, coveredFrom, System.nanoTime() - begun);
    }
  }
}
