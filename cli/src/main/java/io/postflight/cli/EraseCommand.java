package io.postflight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.operations.OperationException;
import io.postflight.operations.client.ErasureClient;
import io.postflight.operations.client.FieldsText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Erases a message or a user. */
@Command(
    name = "erase",
    mixinStandardHelpOptions = true,
    description = {
      "Erases a message, or everything of a user up to now under all ids of the person, or"
          + " redacts fields of a message; prints the receipt.",
      "",
      "From then on no read returns it, no late event restores it, and restore, redrive and"
          + " verify skip it. While a tier is unavailable the command is retried; interrupting"
          + " this command does not cancel it. WAITING: it awaits the end of a tier's recovery.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight erase --tenant acme --message wamid.HBgMNTkzOTkwMDAwNTI1",
      "  postflight erase --tenant acme --user 593990000525 --json | jq .state",
      "  postflight erase --tenant acme --message SM0123 --redact body,recipient"
    })
final class EraseCommand extends Subcommand {
  @Mixin DeploymentOptions deployment = new DeploymentOptions();

  @ArgGroup(exclusive = true, multiplicity = "1")
  ErasureSubject subject = new ErasureSubject();

  /** One of the two. */
  static final class ErasureSubject {
    @Option(
        names = "--message",
        paramLabel = "ID",
        required = true,
        description = "The message to erase, by the provider's id.")
    @Nullable String message;

    @Option(
        names = "--user",
        paramLabel = "U",
        required = true,
        description =
            "The user to erase, by any id of the person: timeline, messages, listings up to now.")
    @Nullable String user;
  }

  @Option(
      names = "--redact",
      paramLabel = "FIELDS",
      split = ",",
      description =
          "Redacts only these fields of the message: attributes, body, error, price, recipient,"
              + " sender.")
  List<String> redact = new ArrayList<>();

  @Option(names = "--json", description = "The receipt as JSON, as returned by the API.")
  boolean json;

  @Override
  public Integer call() {
    if (!redact.isEmpty() && subject.message == null) {
      throw OperationException.usage("--redact requires --message: only a message has fields");
    }
    DeploymentOptions.Access access = deployment.access(global());
    ErasureClient erasures = new ErasureClient(access.client(), access.apiKey().orElseThrow());
    JsonNode receipt = erasures.await(request(erasures), progress());
    show(receipt, json, this::print);
    if (ErasureClient.isWaiting(receipt)) {
      environment()
          .err()
          .printf(
              "erasure %s is not completed: it is deferred until the end of a tier's recovery%n",
              receipt.path("id").asText());
    }
    return ExitCodes.DONE;
  }

  private JsonNode request(ErasureClient erasures) {
    if (subject.message == null) {
      return erasures.eraseUser(String.valueOf(subject.user));
    }
    return redact.isEmpty()
        ? erasures.eraseMessage(subject.message)
        : erasures.redactMessage(subject.message, redact);
  }

  private void print(JsonNode receipt) {
    out().println("erasure " + receipt.path("id").asText());
    for (var each : receipt.path("subject").properties()) {
      FieldsText.print(each.getKey(), each.getValue().asText(), out());
    }
    if (receipt.path("fields").isEmpty()) {
      FieldsText.print("fields", "all", out());
    }
    FieldsText.print(receipt, out());
  }
}
