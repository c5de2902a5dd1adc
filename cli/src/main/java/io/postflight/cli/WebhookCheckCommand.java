package io.postflight.cli;

import io.postflight.api.signature.ProviderSecrets;
import io.postflight.api.signature.SignatureCheck;
import io.postflight.api.signature.SignatureChecks;
import io.postflight.api.signature.SignatureResult;
import io.postflight.api.signature.SignedRequest;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.operations.client.DeploymentClient;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says whether a signature would be accepted. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Checks whether a webhook's signature would be accepted, and shows the expected one, to"
          + " diagnose 401 responses. Nothing is sent.",
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
      "  postflight webhook check --provider twilio --tenant acme --secret \"$TOKEN\" \\",
      "      --url https://hooks.example.com --header 'X-Twilio-Signature: abc=' form.txt"
    })
final class WebhookCheckCommand implements Callable<Integer> {
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

  @Option(
      names = "--secret",
      paramLabel = "S",
      description = "The tenant's secret (default: that of a running dev or demo --stay).")
  @Nullable String secret;

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Mixin DeploymentAddress deployment = new DeploymentAddress();

  @Parameters(paramLabel = "FILE", description = "The body; - is standard input.")
  String file = "";

  private final Surroundings surroundings;

  WebhookCheckCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    WebhookSecrets.requireProvider(provider);
    WebhookFile webhook = WebhookFile.readAll(List.of(file), surroundings).get(0);
    Map<String, String> given = parsedHeaders(webhook);
    DeploymentAddress.Found found = deployment.find(surroundings);
    String url = new DeploymentClient(found.url()).webhookUrl(provider, deployment.tenant);
    Map<String, String> secrets = WebhookSecrets.of(provider, secret, found.secrets());
    if (secrets.isEmpty()) {
      throw OperationException.usage(
          "--secret is missing: no secret of "
              + deployment.tenant
              + " for "
              + provider
              + " is known");
    }
    SignatureCheck check = SignatureChecks.of(provider).orElseThrow();
    SignatureResult verdict =
        check.check(SignedRequest.post(url, given, webhook.body()), ProviderSecrets.of(secrets));
    print(verdict, url, sha256(webhook.body()));
    return verdict.accepted() ? ExitCodes.DONE : ExitCodes.BAD_ANSWER;
  }

  private Map<String, String> parsedHeaders(WebhookFile webhook) {
    Map<String, String> parsed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    parsed.put("content-type", webhook.contentType());
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon <= 0) {
        throw OperationException.usage(
            "--header " + header + " is not a header; allowed: 'Name:" + " value'");
      }
      parsed.put(header.substring(0, colon).trim(), header.substring(colon + 1).trim());
    }
    return parsed;
  }

  private void print(SignatureResult verdict, String url, String hash) {
    if (json) {
      new JsonLines(surroundings.out())
          .print(
              object -> {
                object.put("accepted", verdict.accepted()).put("detail", verdict.detail());
                object.put("url", url).put("bodySha256", hash).put("header", verdict.header());
                verdict.expected().forEach(object.putArray("expected")::add);
              });
      return;
    }
    PrintStream out = surroundings.out();
    out.println(verdict);
    out.println("  url          " + url);
    out.println("  body sha256  " + hash);
    for (String expected : verdict.expected()) {
      out.println("  expected     " + verdict.header() + ": " + expected);
    }
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
