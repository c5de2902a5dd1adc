package io.postflight.cli;

import io.postflight.cli.output.ConsoleProgress;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.replay.ReplayWiring;
import io.postflight.operations.replay.TenantShards;
import io.postflight.replay.RateFile;
import io.postflight.replay.ReplayException;
import io.postflight.replay.ReplayStore;
import io.postflight.replay.Restore;
import io.postflight.replay.RestoreReport;
import io.postflight.replay.RestoreSettings;
import io.postflight.replay.TierReplay;
import io.postflight.runtime.Shutdown;
import io.postflight.runtime.logging.Logs;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.cql.CqlEventStore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a tier's tables again from its topic. */
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
final class RestoreCommand implements Callable<Integer> {
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Option(names = "--tier", required = true, paramLabel = "T", description = "Which tier.")
  String tier = "";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Records appended to the tier's topic at or after this: when the backup was taken, or"
              + " earlier. RFC 3339, epoch milliseconds, or relative (26h: that long ago).")
  @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Records appended before this (default: up to the current end).")
  @Nullable String to;

  @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's rows.")
  @Nullable String tenant;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Maximum rows per second (default: unlimited).")
  long rate;

  @Option(
      names = "--rate-file",
      paramLabel = "FILE",
      description =
          "A file with the maximum rows per second, 0 for unlimited; read every second, so that"
              + " the rate can be changed during a restore. While it does not exist, --rate"
              + " applies.")
  @Nullable Path rateFile;

  @Option(names = "--dry-run", description = "Only counts rows, without writing.")
  boolean dryRun;

  @Option(
      names = "--resume",
      paramLabel = "ID",
      description = "Resumes the restore with this id and its original range.")
  @Nullable String resume;

  @Option(names = "--json", description = "The result as one JSON object.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  RestoreCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    RestoreSettings wanted = wanted();
    DeploymentSettings settings = servers.settings(global, surroundings);
    StorageTier storage = ReplayWiring.tier(settings.operations(), tier);
    Logs.ofCommand(global.debug, global.quiet);
    // The scan at the end of a recovery erases, and needs what leads to other rows.
    boolean recovering =
        new RecoveryTopic(settings, surroundings, global.quiet).phases().containsKey(tier);
    Progress progress = new ConsoleProgress(surroundings, global.quiet);
    try (Shutdown shutdown = Shutdown.ofThisThread();
        TenantAdmin tenants =
            TenantAdmin.open(settings.operations(), servers.tenantRules(settings));
        CqlEventStore store = store(storage, tenants)) {
      progress.step(
          dryRun
              ? "Counting what a restore of tier " + tier + " would write"
              : "Restore " + wanted.id() + " of tier " + tier);
      TierReplay replay = ReplayWiring.replay(settings.operations(), storage);
      RestoreReport report =
          Restore.run(
              replay,
              recovering ? ReplayStore.of(store).leavingErasures() : ReplayStore.of(store),
              wanted,
              at -> {
                if (!shutdown.requested()) {
                  show(progress, at);
                }
              });
      progress.clear();
      print(report);
      return report.refused() == 0 ? ExitCodes.DONE : ExitCodes.BAD_ANSWER;
    } catch (ReplayException failure) {
      progress.clear();
      if (failure.kind() == ReplayException.Kind.UNAVAILABLE) {
        tellHowToGoOn(wanted);
      }
      throw ReplayFailures.of(failure);
    } catch (InterruptedException interrupted) {
      progress.clear();
      tellHowToGoOn(wanted);
      throw OperationException.interrupted();
    }
  }

  private void tellHowToGoOn(RestoreSettings wanted) {
    if (!dryRun) {
      surroundings
          .err()
          .println("Resume with: postflight restore --tier " + tier + " --resume " + wanted.id());
    }
  }

  /** A tenant that does not exist would make an empty answer look like a good one. */
  private CqlEventStore store(StorageTier storage, TenantAdmin tenants)
      throws InterruptedException {
    if (tenant != null) {
      tenants.requireNamed(tenant);
    }
    return ReplayWiring.store(storage, TenantShards.of(tenants::find));
  }

  private RestoreSettings wanted() {
    if (rate < 0) {
      throw OperationException.usage(
          "--rate " + rate + " is not allowed; allowed: 0 (unlimited)" + " or more");
    }
    String id = resume == null ? newId() : resume;
    try {
      return new RestoreSettings(
          id, range(), rate(), dryRun, io.postflight.sink.SinkLimits.DEFAULT);
    } catch (IllegalArgumentException e) {
      throw OperationException.usage("restore: " + e.getMessage());
    }
  }

  private RestoreSettings.@Nullable Range range() {
    if (resume != null) {
      if (from != null || to != null || tenant != null || dryRun) {
        throw OperationException.usage(
            "--resume "
                + resume
                + " uses the original range; remove --from, --to, --tenant and --dry-run");
      }
      return null;
    }
    if (from == null) {
      throw OperationException.usage("--from is missing (or --resume, to continue a restore)");
    }
    long begin = CommandTimes.millis("--from", from, surroundings.clock());
    Long end = to == null ? null : CommandTimes.millis("--to", to, surroundings.clock());
    if (end != null && end < begin) {
      throw OperationException.usage("--to " + to + " is before --from " + from);
    }
    return new RestoreSettings.Range(begin, end, tenant);
  }

  private LongSupplier rate() {
    return rateFile == null
        ? () -> rate
        : new RateFile(surroundings.resolve(rateFile), rate, System::nanoTime);
  }

  private String newId() {
    return ID_TIME.format(surroundings.clock().instant())
        + '-'
        + UUID.randomUUID().toString().substring(0, 4);
  }

  private static void show(Progress progress, Restore.Progress at) {
    String what =
        "%,d rows read, %,d written, %,d expired, %,d erased, %,d/s%s"
            .formatted(
                at.rowsRead(),
                at.rowsWritten(),
                at.rowsExpired(),
                at.rowsErased(),
                at.rowsPerSecond(),
                at.etaSeconds() < 0 ? "" : ", about " + at.etaSeconds() + " s left");
    if (at.total() > 0) {
      progress.at(what, at.done(), at.total());
    } else {
      progress.still(what);
    }
  }

  private void print(RestoreReport report) {
    if (json) {
      new JsonLines(surroundings.out())
          .print(
              object -> {
                object.put("id", report.id());
                object.put("tier", tier);
                object.put("dryRun", report.dryRun());
                object.put("records", report.records());
                object.put("rowsRead", report.rowsRead());
                object.put("rowsWritten", report.rowsWritten());
                object.put("rowsExpired", report.rowsExpired());
                object.put("rowsErased", report.rowsErased());
                object.put("erasuresApplied", report.erasures());
                object.put("rowsErasedAgain", report.rowsErasedAgain());
                object.put("unreadable", report.unreadable());
                object.put("refused", report.refused());
                report.problems().forEach(object.withArray("problems")::add);
                if (report.coveredFrom() != null) {
                  object.put("coveredFrom", Instant.ofEpochMilli(report.coveredFrom()).toString());
                }
                object.put("seconds", report.millis() / 1e3);
                object.put("rowsPerSecond", report.rowsPerSecond());
              });
      return;
    }
    PrintStream out = surroundings.out();
    out.printf("rows read        %,d (of %,d records)%n", report.rowsRead(), report.records());
    out.printf(
        "rows %-11s %,d (%,d/s)%n",
        report.dryRun() ? "to write" : "written", report.rowsWritten(), report.rowsPerSecond());
    out.printf("rows expired     %,d%n", report.rowsExpired());
    out.printf("rows erased      %,d%n", report.rowsErased());
    if (!report.dryRun()) {
      out.printf("erasures applied %,d (%,d rows)%n", report.erasures(), report.rowsErasedAgain());
    }
    if (report.unreadable() + report.refused() > 0) {
      out.printf(
          "not restored     %,d unreadable records (dead letters), %,d rejected by the database%n",
          report.unreadable(), report.refused());
      report.problems().forEach(problem -> out.println("  " + problem));
    }
    if (report.coveredFrom() != null) {
      out.println(
          "The topic has no records before "
              + Instant.ofEpochMilli(report.coveredFrom())
              + ": restore older data from a backup.");
    }
  }
}
