package io.postflight.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.postflight.replay.Difference;
import io.postflight.replay.ReplayException;
import io.postflight.replay.ReplayStore;
import io.postflight.replay.TierReplay;
import io.postflight.replay.Verify;
import io.postflight.replay.VerifyReport;
import io.postflight.replay.VerifySettings;
import io.postflight.runtime.Shutdown;
import io.postflight.runtime.logging.Logs;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.Table;
import io.postflight.store.cql.CqlEventStore;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a tier's tables with its topic. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Compares a tier's tables with its topic, row by row, while live traffic continues:"
          + " whether each row exists with the expected write timestamp, values and TTL, and"
          + " whether erased rows are absent. A row that differs is checked again a few"
          + " times before it is reported. Values are never printed.",
      "",
      "Exit code 1 if there are differences (after --repair: if some remain).",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight verify --tier 30d --from 2h",
      "  postflight verify --tier 30d --from 7d --tenant acme --json",
      "  postflight verify --tier 30d --from 2h --repair"
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int MOST_SECONDS = 3_600;
  private static final int MOST_LATE_SECONDS = 86_400;

  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Option(names = "--tier", required = true, paramLabel = "T", description = "Which tier.")
  String tier = "";

  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description =
          "Records appended to the tier's topic at or after this. RFC 3339, epoch milliseconds, or"
              + " relative (2h: that long ago).")
  String from = "";

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Records appended before this (default: up to the current end).")
  @Nullable String to;

  @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's rows.")
  @Nullable String tenant;

  @Option(
      names = "--repair",
      description =
          "Rewrites missing or different rows, deletes rows that should have been erased, and"
              + " checks the result.")
  boolean repair;

  @Option(
      names = "--recheck-seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Delay before a differing row is checked again (default: ${DEFAULT-VALUE}).")
  int recheckSeconds;

  @Option(
      names = "--rechecks",
      paramLabel = "N",
      defaultValue = "3",
      description = "Number of rechecks (default: ${DEFAULT-VALUE}).")
  int rechecks;

  @Option(
      names = "--late-seconds",
      paramLabel = "N",
      defaultValue = "120",
      description =
          "Tolerated late expiry of a row: the time that a server was stopped, whose queued"
              + " writes were executed late (default: ${DEFAULT-VALUE}). Rows that expire more"
              + " than 5 s late are counted as late. 0: no tolerance.")
  int lateSeconds;

  @Option(
      names = "--json",
      description = "JSON lines: one for each difference, then one with the result.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  VerifyCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    VerifySettings wanted = wanted();
    DeploymentSettings settings = servers.settings(global, surroundings);
    StorageTier storage = ReplayWiring.tier(settings.operations(), tier);
    Logs.ofCommand(global.debug, global.quiet);
    if (repair
        && new RecoveryTopic(settings, surroundings, global.quiet).phases().containsKey(tier)) {
      throw OperationException.usage(
          ("--repair applies erasures, and tier %s is in recovery: 'postflight tiers recovery"
                  + " finish --tier %s' first")
              .formatted(tier, tier));
    }
    Progress progress = new ConsoleProgress(surroundings, global.quiet);
    try (Shutdown shutdown = Shutdown.ofThisThread();
        TenantAdmin tenants =
            TenantAdmin.open(settings.operations(), servers.tenantRules(settings));
        CqlEventStore store = store(storage, tenants)) {
      VerifyReport report =
          verify(
              ReplayWiring.replay(settings.operations(), storage),
              store,
              wanted,
              progress,
              shutdown);
      progress.clear();
      print(report);
      return report.clean() ? ExitCodes.DONE : ExitCodes.BAD_ANSWER;
    } catch (ReplayException failure) {
      progress.clear();
      throw ReplayFailures.of(failure);
    } catch (InterruptedException interrupted) {
      progress.clear();
      throw OperationException.interrupted();
    }
  }

  private VerifyReport verify(
      TierReplay replay,
      CqlEventStore store,
      VerifySettings wanted,
      Progress progress,
      Shutdown shutdown)
      throws InterruptedException {
    Consumer<Difference> each = difference -> print(difference, progress);
    Consumer<Verify.Progress> shown =
        at -> {
          if (!shutdown.requested()) {
            show(progress, at);
          }
        };
    return repair
        ? Verify.repair(replay, ReplayStore.of(store), wanted, each, shown)
        : Verify.run(replay, store, wanted, each, shown);
  }

  /** A tenant that does not exist would make an empty answer look like a good one. */
  private CqlEventStore store(StorageTier storage, TenantAdmin tenants)
      throws InterruptedException {
    if (tenant != null) {
      tenants.requireNamed(tenant);
    }
    return ReplayWiring.store(storage, TenantShards.of(tenants::find));
  }

  private VerifySettings wanted() {
    requireWithin("--recheck-seconds", recheckSeconds, MOST_SECONDS);
    requireWithin("--rechecks", rechecks, 1_000);
    requireWithin("--late-seconds", lateSeconds, MOST_LATE_SECONDS);
    long begin = CommandTimes.millis("--from", from, surroundings.clock());
    Long end = to == null ? null : CommandTimes.millis("--to", to, surroundings.clock());
    if (end != null && end < begin) {
      throw OperationException.usage("--to " + to + " is before --from " + from);
    }
    return VerifySettings.of(begin, end)
        .withRechecks(rechecks, Duration.ofSeconds(recheckSeconds))
        .withLate(Duration.ofSeconds(lateSeconds))
        .ofTenant(tenant);
  }

  private static void requireWithin(String option, int value, int most) {
    if (value < 0 || value > most) {
      throw OperationException.usage(
          option + " " + value + " is not allowed; allowed: 0 to " + most);
    }
  }

  private static void show(Progress progress, Verify.Progress at) {
    String what =
        "%,d rows checked, %,d to recheck, %,d different"
            .formatted(at.rowsChecked(), at.pending(), at.different());
    if (at.total() > 0) {
      progress.at(what, at.done(), at.total());
    } else {
      progress.still(what);
    }
  }

  private void print(Difference difference, Progress progress) {
    progress.clear();
    if (json) {
      new JsonLines(surroundings.out()).print(object -> fill(object, difference));
      return;
    }
    surroundings
        .out()
        .printf(
            "%s %s: %s (%s-%d@%d, appended %s)%s%n",
            difference.key().table().cqlName(),
            key(difference),
            difference.detail(),
            difference.topic(),
            difference.partition(),
            difference.offset(),
            Instant.ofEpochMilli(difference.appendedAt()),
            switch (difference.repair()) {
              case NONE -> "";
              case REPAIRED -> "; repaired";
              case IMPOSSIBLE ->
                  "; not repaired: the database prefers its value, written with the same timestamp";
            });
  }

  private static String key(Difference difference) {
    var partition = difference.key().partition();
    String subject = partition.subject().isEmpty() ? "" : " " + partition.subject();
    String id = difference.key().id().isEmpty() ? "" : " " + difference.key().id();
    String time =
        difference.key().time() == 0 ? "" : " " + Instant.ofEpochMilli(difference.key().time());
    return partition.tenant() + subject + time + id;
  }

  private static void fill(ObjectNode object, Difference difference) {
    var partition = difference.key().partition();
    Table table = difference.key().table();
    object.put("table", table.cqlName());
    ObjectNode key = object.putObject("key");
    key.put("tenant", partition.tenant());
    switch (table) {
      case TIMELINE -> {
        key.put("user_id", partition.subject());
        key.put("bucket", Instant.ofEpochMilli(partition.bucket()).toString());
        key.put("shard", partition.shard());
        key.put("event_time", Instant.ofEpochMilli(difference.key().time()).toString());
        key.put("event_id", difference.key().id());
      }
      case LATEST -> {
        key.put("user_id", partition.subject());
        key.put("type", difference.key().id());
      }
      case MESSAGE -> key.put("message_id", partition.subject());
      case MESSAGE_BY_TIME -> {
        key.put("bucket", Instant.ofEpochMilli(partition.bucket()).toString());
        key.put("shard", partition.shard());
        key.put("listed_at", Instant.ofEpochMilli(difference.key().time()).toString());
        key.put("message_id", difference.key().id());
      }
    }
    object.put("difference", difference.kind().name());
    object.put("detail", difference.detail());
    difference.columns().forEach(object.putArray("columns")::add);
    object.put("topic", difference.topic());
    object.put("partition", difference.partition());
    object.put("offset", difference.offset());
    object.put("appendedAt", Instant.ofEpochMilli(difference.appendedAt()).toString());
    object.put("repair", difference.repair().name().toLowerCase(Locale.ROOT));
  }

  private void print(VerifyReport report) {
    if (json) {
      new JsonLines(surroundings.out())
          .print(
              object -> {
                object.put("tier", tier);
                object.put("records", report.records());
                object.put("unreadable", report.unreadable());
                object.put("rowsChecked", report.rowsChecked());
                object.put("rowsExpired", report.rowsExpired());
                object.put("rowsErased", report.rowsErased());
                object.put("rowsDeadLettered", report.rowsDeadLettered());
                object.put("late", report.late());
                object.put("rowsRechecked", report.rowsRechecked());
                object.put("differences", report.different());
                object.put("repaired", report.repaired());
                object.put("refused", report.refused());
                report.problems().forEach(object.putArray("problems")::add);
                var redo = object.putArray("redo");
                for (VerifyReport.Redo range : report.redo()) {
                  redo.addObject()
                      .put("from", Instant.ofEpochMilli(range.from()).toString())
                      .put("to", Instant.ofEpochMilli(range.to()).toString());
                }
                object.put("seconds", report.millis() / 1e3);
              });
      return;
    }
    PrintStream out = surroundings.out();
    out.printf(
        "%,d rows checked of %,d records; %,d expired, %,d erased, %,d rechecked%n",
        report.rowsChecked(),
        report.records(),
        report.rowsExpired(),
        report.rowsErased(),
        report.rowsRechecked());
    printRest(report, out);
    out.printf(
        "%,d differences%s%n",
        report.different(), repair ? ", " + report.repaired() + " repaired" : "");
    for (VerifyReport.Redo range : report.redo()) {
      out.printf(
          "To repair: postflight restore --tier %s --from %s --to %s%n",
          tier, Instant.ofEpochMilli(range.from()), Instant.ofEpochMilli(range.to()));
    }
  }

  private static void printRest(VerifyReport report, PrintStream out) {
    if (report.late() > 0) {
      out.printf("%,d expire late, within --late-seconds%n", report.late());
    }
    if (report.rowsDeadLettered() > 0) {
      out.printf("%,d absent, since their records are dead letters%n", report.rowsDeadLettered());
    }
    if (report.unreadable() + report.refused() > 0) {
      out.printf(
          "not verified: %,d unreadable records (dead letters), %,d rows that the database"
              + " refuses to read%n",
          report.unreadable(), report.refused());
      report.problems().forEach(problem -> out.println("  " + problem));
    }
  }
}
