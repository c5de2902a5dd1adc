package io.postflight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.cli.output.ConsoleProgress;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.operations.client.DeploymentClient;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The privacy command. */
@Command(
    name = "erase",
    mixinStandardHelpOptions = true,
    description = {
      "Erases a message, or everything of a user up to now, or redacts fields of a message;"
          + " prints the receipt.",
      "",
      "From then on no read returns it, no late event restores it, and restore, redrive and"
          + " verify skip it. While a tier is unavailable the command is retried; interrupting"
          + " this command does not cancel it. State WAITING: it completes once the recovery"
          + " of a tier has ended.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight erase --tenant acme --message wamid.HBgMNTkzOTkwMDAwNTI1",
      "  postflight erase --tenant acme --user 593990000525 --json | jq .rows",
      "  postflight erase --tenant acme --message SM0123 --redact body,recipient"
    })
final class EraseCommand implements Callable<Integer> {
  private static final int ACCEPTED = 202;
  private static final int UNAVAILABLE = 503;
  private static final long BETWEEN_LOOKS_MILLIS = 500;

  @Mixin DeploymentOptions deployment = new DeploymentOptions();

  @ArgGroup(exclusive = true, multiplicity = "1")
  Subject subject = new Subject();

  /** One of the two. */
  static final class Subject {
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
        description = "The user to erase: timeline, messages, listings up to now.")
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

  private final GlobalOptions global;
  private final Surroundings surroundings;

  EraseCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (!redact.isEmpty() && subject.message == null) {
      throw OperationException.usage("--redact requires --message: only a message has fields");
    }
    if ("".equals(subject.message) || "".equals(subject.user)) {
      throw OperationException.usage("--message and --user require an id that is not empty");
    }
    DeploymentOptions.Access access = deployment.access(global, surroundings);
    DeploymentClient client = access.client();
    String apiKey = access.requireApiKey();
    JsonNode receipt = ask(client, apiKey);
    if (!settled(receipt)) {
      receipt = await(client, apiKey, receipt);
    }
    if (json) {
      new JsonLines(surroundings.out()).print(receipt);
    } else {
      print(receipt);
    }
    if (isWaiting(receipt)) {
      surroundings
          .err()
          .println(
              "erasure "
                  + receipt.path("id").asText()
                  + " is not completed: it is deferred until the end of a tier's recovery");
    }
    return ExitCodes.DONE;
  }

  private JsonNode ask(DeploymentClient client, String apiKey) {
    String missing = "the deployment does not support erasure commands";
    DeploymentClient.Answer answer;
    if (subject.user != null) {
      answer = client.delete("/v1/user?id=" + DeploymentClient.encoded(subject.user), apiKey);
    } else {
      String path =
          "/v1/message?id=" + DeploymentClient.encoded(Objects.requireNonNull(subject.message));
      answer = redact.isEmpty() ? client.delete(path, apiKey) : client.patch(path, apiKey, body());
    }
    return answer.status() == ACCEPTED ? answer.body() : ResponseReader.body(answer, missing);
  }

  private ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode fields = body.putArray("redact");
    redact.forEach(field -> fields.add(field.strip()));
    return body;
  }

  /** What is durable goes on without us; only whoever looks at it can be away. */
  private JsonNode await(DeploymentClient client, String apiKey, JsonNode running) {
    Progress progress = new ConsoleProgress(surroundings, global.quiet);
    String id = running.path("id").asText();
    progress.step("erasure " + id + " is in progress: not all tiers have acknowledged it yet");
    while (true) {
      try {
        Thread.sleep(BETWEEN_LOOKS_MILLIS);
      } catch (InterruptedException e) {
        throw OperationException.interrupted();
      }
      DeploymentClient.Answer answer = client.get("/v1/erasures/" + id, apiKey);
      if (answer.status() == UNAVAILABLE) {
        progress.still("erasure " + id + ": " + answer.problem());
        continue;
      }
      JsonNode receipt = ResponseReader.body(answer, "erasure " + id + " is unknown");
      if (settled(receipt)) {
        progress.clear();
        return receipt;
      }
      progress.still("erasure " + id + " is still in progress");
    }
  }

  /** Whether there is nothing to wait for: a tier's recovery may take days. */
  private static boolean settled(JsonNode receipt) {
    return receipt.path("state").asText().equals("DONE") || isWaiting(receipt);
  }

  private static boolean isWaiting(JsonNode receipt) {
    return receipt.path("state").asText().equals("WAITING");
  }

  private void print(JsonNode receipt) {
    PrintStream out = surroundings.out();
    out.println("erasure " + receipt.path("id").asText());
    receipt
        .path("subject")
        .properties()
        .forEach(each -> line(out, each.getKey(), each.getValue().asText()));
    List<String> fields = new ArrayList<>();
    receipt.path("fields").forEach(field -> fields.add(field.asText()));
    line(out, "fields", fields.isEmpty() ? "all" : String.join(", ", fields));
    line(out, "at", receipt.path("at").asText());
    line(out, "rows", receipt.path("rows").asText());
    line(out, "state", receipt.path("state").asText());
  }

  private static void line(PrintStream out, String name, String value) {
    out.printf("  %-22s %s%n", name, value);
  }
}
