package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.operations.admin.SecretNames;
import io.postflight.operations.normalize.EventDifferenceLine;
import io.postflight.operations.normalize.EventDifferenceText;
import io.postflight.operations.normalize.NormalizeReplay;
import io.postflight.operations.normalize.NormalizeReplayReport;
import io.postflight.operations.normalize.NormalizeReplayRequest;
import io.postflight.runtime.Shutdown;
import io.postflight.schema.event.EventJson;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.settings.DeploymentSettings;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how webhook bodies are normalized: those of files, or those that were recorded. */
@Command(
    name = "normalize",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how webhook bodies are normalized, without servers: one JSON line per canonical"
          + " event or rejection, in the order of the body. Tenant and signature are not checked.",
      "",
      "With --replay: what the adapters of this version would make of the webhooks in"
          + " raw.webhooks, compared with the events that were made of them: new, gone, or"
          + " changed with each field's value before and after. Nothing is written unless --apply"
          + " is given; events that are gone are never taken back.",
      "",
      "Exit code 1 if an entry is rejected for a reason other than UNSUPPORTED_EVENT; with"
          + " --replay if there are differences (after --apply: if some remain).",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight normalize --provider whatsapp status.json",
      "  postflight normalize --provider twilio --tenant acme callback.txt | jq .status",
      "  curl -s https://example.com/hook.json | postflight normalize --provider events -",
      "  postflight normalize --replay --provider whatsapp --from 14d",
      "  postflight normalize --replay --provider whatsapp --from 14d --to 2h --apply --json"
    })
final class NormalizeCommand extends ServerCommand {
  @Option(
      names = "--provider",
      required = true,
      paramLabel = "P",
      description = "The provider, as in the webhook's path.")
  String provider = "";

  @Option(
      names = "--tenant",
      paramLabel = "T",
      description = "The tenant (default: acme); with --replay only this tenant (default: all).")
  @Nullable String tenant;

  @Option(
      names = "--received-at",
      paramLabel = "TIME",
      description = "Arrival time: RFC 3339, epoch milliseconds, or relative (2h: two hours ago).")
  @Nullable Moment receivedAt;

  @Option(names = "--replay", description = "Normalizes recorded webhooks again.")
  boolean replay;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "With --replay: webhooks recorded at or after this.")
  @Nullable Moment from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description =
          "With --replay: webhooks recorded before this (default: up to the current end).")
  @Nullable Moment to;

  @Option(
      names = "--apply",
      description = "With --replay: appends new and changed events to the topic events.")
  boolean apply;

  @Option(
      names = "--json",
      description =
          "JSON lines, which the output of files always is; with --replay one for each"
              + " difference, then one with the result.")
  boolean json;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = ".json is JSON, .txt a form or query string; - is standard input.")
  List<String> files = new ArrayList<>();

  @Override
  public Integer call() {
    SecretNames.requireProvider(provider);
    if (replay) {
      refuse("beside", Map.of("--received-at", receivedAt != null, "FILE", !files.isEmpty()));
      return ExitCodes.of(replayed(from));
    }
    refuse(
        "without",
        Map.of(
            "--from", from != null,
            "--to", to != null,
            "--apply", apply,
            "--servers", servers.servers != null,
            "--config", global().config != null,
            "--set", !global().assignments.isEmpty()));
    return ExitCodes.of(normalized());
  }

  private static void refuse(String preposition, Map<String, Boolean> options) {
    String given =
        options.keySet().stream().filter(options::get).sorted().collect(Collectors.joining(", "));
    if (!given.isEmpty()) {
      throw OperationException.usage(
          given + " would have no effect " + preposition + " --replay: remove one");
    }
  }

  /** Returns whether there is no difference. */
  private boolean replayed(@Nullable Moment start) {
    if (start == null) {
      throw OperationException.usage("missing: --from");
    }
    Long end = start.end("--from", "--to", to);
    NormalizeReplayRequest request =
        new NormalizeReplayRequest(
            provider, tenant, start.millis(), end == null ? Long.MAX_VALUE : end, apply);
    DeploymentSettings settings = settings();
    Progress progress = progress();
    try (Shutdown shutdown = Shutdown.ofThisThread()) {
      NormalizeReplayReport report =
          new NormalizeReplay(
                  settings.operations(), servers.tenantRules(settings), Normalizer.ofAllProviders())
              .run(
                  request,
                  environment().clock(),
                  shutdown.silencing(progress),
                  difference -> {
                    progress.clear();
                    show(
                        EventDifferenceLine.of(difference),
                        json,
                        line -> out().println(EventDifferenceText.line(difference)));
                  });
      progress.clear();
      show(
          report,
          json,
          numbers -> EventDifferenceText.lines(numbers, apply).forEach(out()::println));
      return report.clean();
    } finally {
      progress.clear();
    }
  }

  /** Returns whether nothing is rejected. */
  private boolean normalized() {
    if (files.isEmpty()) {
      throw OperationException.usage("missing: FILE");
    }
    Normalizer normalizer = Normalizer.ofAllProviders();
    long arrival = receivedAt == null ? environment().clock().millis() : receivedAt.millis();
    boolean failed = false;
    for (WebhookFile file : WebhookFile.readAll(files, environment())) {
      RawWebhook webhook =
          RawWebhook.of(provider, tenant == null ? "acme" : tenant, arrival, file.body())
              .withContentType(file.contentType());
      for (Outcome outcome : normalizer.normalize(webhook)) {
        out().println(line(outcome));
        failed |=
            outcome instanceof Outcome.Rejected rejected
                && rejected.reason() != RejectionReason.UNSUPPORTED_EVENT;
      }
    }
    return !failed;
  }

  private String line(Outcome outcome) {
    if (outcome instanceof Outcome.Rejected rejected) {
      return EventJson.rejection(provider, rejected.index(), rejected.reason(), rejected.detail());
    }
    return EventJson.event(((Outcome.Accepted) outcome).event());
  }
}
