package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.operations.replay.RestorePrinter;
import io.postflight.operations.replay.TierJobs;
import io.postflight.operations.replay.TierRestoreReport;
import io.postflight.replay.RestoreProgress;
import io.postflight.replay.RestoreSettings;
import io.postflight.runtime.Shutdown;
import io.postflight.settings.DeploymentSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Rewrites a tier's tables from its topic. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Rewrites a tier's tables from its topic while live traffic continues. Rows keep their"
          + " write timestamps and remaining TTL, so repeating it, or running it on intact"
          + " tables, changes nothing. Erased data is not restored.",
      "",
      "--resume continues a restore that was stopped or killed.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight restore --tier 30d --from 26h",
      "  postflight restore --tier 30d --from 2026-11-20T00:00:00Z --to 2026-11-21T00:00:00Z"
          + " --dry-run",
      "  postflight restore --tier 30d --from 26h --rate 5000 --rate-file /tmp/rate",
      "  postflight restore --tier 30d --resume 20261121-101500-3f2a"
    })
final class RestoreCommand extends TierCommand {
  @Mixin RestoreOptions which = new RestoreOptions();

  @Option(names = "--json", description = "The result as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    RestoreSettings requested = which.settings(environment());
    DeploymentSettings settings = settings();
    Progress progress = progress();
    try (Shutdown shutdown = Shutdown.ofThisThread()) {
      Follower follower = new Follower(requested, progress, shutdown);
      try {
        TierRestoreReport result = jobs(settings).restore(tier, requested, follower);
        progress.clear();
        show(result, json, each -> RestorePrinter.print(each, out()));
        return ExitCodes.of(result.refused() == 0);
      } catch (OperationException failure) {
        progress.clear();
        follower.printResume(failure);
        throw failure;
      }
    }
  }

  /** Shows the progress of the restore, and how to resume it. */
  private final class Follower implements TierJobs.RestoreListener {
    private final RestoreSettings requested;
    private final Progress progress;
    private boolean started;

    Follower(RestoreSettings requested, Progress progress, Shutdown shutdown) {
      this.requested = requested;
      this.progress = shutdown.silencing(progress);
    }

    @Override
    public void started() {
      started = true;
      progress.step(
          requested.dryRun()
              ? "Counting what a restore of tier " + tier + " would write"
              : "Restore " + requested.id() + " of tier " + tier);
    }

    @Override
    public void at(RestoreProgress at) {
      RestorePrinter.show(at, progress);
    }

    void printResume(OperationException failure) {
      boolean resumable =
          failure.kind() == OperationException.FailureKind.UNREACHABLE
              || failure.kind() == OperationException.FailureKind.INTERRUPTED;
      if (started && resumable && !requested.dryRun()) {
        environment()
            .err()
            .println(
                "Resume with: postflight restore --tier " + tier + " --resume " + requested.id());
      }
    }
  }
}
