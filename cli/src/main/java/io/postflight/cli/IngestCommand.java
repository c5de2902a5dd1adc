package io.postflight.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postflight.operations.admin.SecretNames;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.operations.client.ProviderWebhook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends webhook bodies through the gateway of a deployment. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = {
      "Sends webhook bodies to the gateway of a deployment as their provider does, signed if a"
          + " secret is known.",
      "",
      "Exit code 1 if the gateway rejects one of them.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight ingest --provider whatsapp --tenant acme status.json",
      "  postflight ingest --provider twilio --tenant acme --url https://hooks.example.com \\",
      "      --secret-file twilio.token callback.txt"
    })
final class IngestCommand extends Subcommand {
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  @Option(
      names = "--provider",
      required = true,
      paramLabel = "P",
      description = "The provider, as in the webhook's path.")
  String provider = "";

  @Mixin SecretOption secret = new SecretOption();

  @Option(names = "--json", description = "One JSON line per file.")
  boolean json;

  @Mixin DeploymentOptions deployment = new DeploymentOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = ".json is JSON, .txt a form; - is standard input.")
  List<String> files = new ArrayList<>();

  @Override
  public Integer call() {
    SecretNames.requireProvider(provider);
    List<WebhookFile> webhooks = WebhookFile.readAll(files, environment());
    DeploymentOptions.Access access = deployment.accessForWebhooks(global());
    Map<String, String> secrets =
        SecretNames.ofProvider(provider, secret.value(global()), access.secrets());
    boolean refused = false;
    for (WebhookFile webhook : webhooks) {
      DeploymentClient.ApiResponse answer =
          new ProviderWebhook(provider, webhook.contentType(), webhook.body())
              .send(access.client(), deployment.tenant(), secrets, access.apiKey());
      if (answer.status() == NOT_FOUND) {
        throw access.client().unknownTenant(deployment.tenant());
      }
      print(webhook, answer, secrets.isEmpty());
      refused |= answer.status() != OK;
    }
    return ExitCodes.of(!refused);
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Sent(String file, boolean accepted, int status, @Nullable String problem) {}

  private void print(
      WebhookFile webhook, DeploymentClient.ApiResponse answer, boolean withoutSecret) {
    boolean accepted = answer.status() == OK;
    String hint =
        answer.status() == UNAUTHORIZED && withoutSecret
            ? "; no secret of "
                + deployment.tenant()
                + " for "
                + provider
                + " is known here: pass --secret-file, --secret or POSTFLIGHT_SECRET"
            : "";
    show(
        new Sent(
            webhook.name(), accepted, answer.status(), accepted ? null : answer.problem() + hint),
        json,
        sent ->
            out()
                .println(
                    sent.file() + ": " + (accepted ? "accepted" : "refused, " + sent.problem())));
  }
}
