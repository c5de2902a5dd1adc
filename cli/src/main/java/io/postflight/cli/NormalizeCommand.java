package io.postflight.cli;

import io.postflight.operations.admin.SecretNames;
import io.postflight.schema.event.EventJson;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how webhook bodies are normalized. */
@Command(
    name = "normalize",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how webhook bodies are normalized, without servers: one JSON line per canonical"
          + " event or rejection, in the order of the body.",
      "",
      "Tenant and signature are not checked. Exit code 1 if an entry is rejected for a reason"
          + " other than UNSUPPORTED_EVENT.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight normalize --provider whatsapp status.json",
      "  postflight normalize --provider twilio --tenant acme callback.txt | jq .status",
      "  curl -s https://example.com/hook.json | postflight normalize --provider events -"
    })
final class NormalizeCommand extends Subcommand {
  @Option(
      names = "--provider",
      required = true,
      paramLabel = "P",
      description = "The provider, as in the webhook's path.")
  String provider = "";

  @Option(
      names = "--tenant",
      paramLabel = "T",
      defaultValue = "acme",
      description = "The tenant (default: ${DEFAULT-VALUE}).")
  String tenant = "";

  @Option(
      names = "--received-at",
      paramLabel = "TIME",
      description = "Arrival time: RFC 3339, epoch milliseconds, or relative (2h: two hours ago).")
  @Nullable Moment receivedAt;

  @Option(names = "--json", description = "JSON lines, which the output always is.")
  boolean json;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = ".json is JSON, .txt a form or query string; - is standard input.")
  List<String> files = new ArrayList<>();

  @Override
  public Integer call() {
    SecretNames.requireProvider(provider);
    Normalizer normalizer = Normalizer.ofAllProviders();
    long arrival = receivedAt == null ? environment().clock().millis() : receivedAt.millis();
    boolean failed = false;
    for (WebhookFile file : WebhookFile.readAll(files, environment())) {
      RawWebhook webhook =
          RawWebhook.of(provider, tenant, arrival, file.body()).withContentType(file.contentType());
      for (Outcome outcome : normalizer.normalize(webhook)) {
        out().println(line(outcome));
        failed |=
            outcome instanceof Outcome.Rejected rejected
                && rejected.reason() != RejectionReason.UNSUPPORTED_EVENT;
      }
    }
    return ExitCodes.of(!failed);
  }

  private String line(Outcome outcome) {
    if (outcome instanceof Outcome.Rejected rejected) {
      return EventJson.rejection(provider, rejected.index(), rejected.reason(), rejected.detail());
    }
    return EventJson.event(((Outcome.Accepted) outcome).event());
  }
}
