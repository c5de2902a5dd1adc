package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.operations.admin.SecretNames;
import io.postflight.operations.client.RecordedRequest;
import io.postflight.operations.client.WebhookCheck;
import io.postflight.schema.signature.SignedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks whether a signature would be accepted. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Checks whether a webhook's signature would be accepted, and shows the expected one (unless"
          + " it is the secret itself), to diagnose 401 responses. The webhook is not sent.",
      "",
      "The body must be byte for byte as received: a trailing line break added by an editor"
          + " invalidates a signature. Exit code 1 if it would be rejected.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight webhook check --provider whatsapp --tenant acme \\",
      "      --header 'X-Hub-Signature-256: sha256=0f3c...' body.json",
      "  postflight webhook check --provider twilio --tenant acme --secret-file twilio.token \\",
      "      --url https://hooks.example.com --header 'X-Twilio-Signature: abc=' form.txt",
      "  postflight webhook check --provider twilio --tenant acme --query 'bodySHA256=5f2e...' \\",
      "      --header 'X-Twilio-Signature: abc=' body.json"
    })
final class WebhookCheckCommand extends Subcommand {
  @Option(
      names = "--provider",
      required = true,
      paramLabel = "P",
      description = "The provider, as in the webhook's path.")
  String provider = "";

  @Option(
      names = "--header",
      paramLabel = "'K: V'",
      description = "A header of the request. May be repeated.")
  List<String> headers = new ArrayList<>();

  @Mixin SecretOption secret = new SecretOption();

  @Option(
      names = "--query",
      paramLabel = "Q",
      description = "Query string of the URL as received, such as bodySHA256=...")
  @Nullable String query;

  @Option(
      names = "--received-at",
      paramLabel = "TIME",
      description = "When it arrived, for signatures that have a time (default: now).")
  @Nullable Moment receivedAt;

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Mixin DeploymentAddress deployment = new DeploymentAddress();

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The body; - is standard input. Left out: the request was a GET with --query.")
  @Nullable String file;

  @Override
  public Integer call() {
    SecretNames.requireProvider(provider);
    if (file == null && query == null) {
      throw OperationException.usage("FILE is missing (or --query, the content of a GET)");
    }
    if (file == null) {
      SecretNames.requireGet(provider);
    }
    WebhookCheck.requireEffect(provider, receivedAt != null, query != null);
    WebhookFile webhook =
        file == null
            ? WebhookFile.ofGet()
            : WebhookFile.readAll(List.of(file), environment()).get(0);
    Map<String, String> given = RecordedRequest.headers(webhook.contentType(), headers);
    DeploymentAddress.Found found = deployment.find(environment());
    found.requireTenant(deployment.tenant);
    String url =
        found.client().webhookUrl(provider, deployment.tenant)
            + (query == null ? "" : query.replaceFirst("^\\??", "?"));
    WebhookCheck.Receiver tenant =
        new WebhookCheck.Receiver(
            deployment.tenant,
            SecretNames.ofProvider(provider, secret.value(global()), found.secrets()),
            found.client());
    SignedRequest request =
        file == null
            ? SignedRequest.get(url, given)
            : SignedRequest.post(url, given, webhook.body());
    long arrival = receivedAt == null ? environment().clock().millis() : receivedAt.millis();
    WebhookCheck check =
        WebhookCheck.of(provider, request.received(arrival, SignedRequest.MAX_AGE), tenant);
    show(check, json, this::print);
    return ExitCodes.of(check.accepted());
  }

  private void print(WebhookCheck check) {
    out().println((check.accepted() ? "accepted: " : "refused: ") + check.detail());
    if (check.arrival() != null) {
      out().println("  arrival      " + check.arrival());
    }
    out().println("  url          " + check.url());
    out().println("  body sha256  " + check.bodySha256());
    check.expectedLines().forEach(line -> out().println("  expected     " + line));
  }
}
