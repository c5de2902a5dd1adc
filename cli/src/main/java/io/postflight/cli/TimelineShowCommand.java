package io.postflight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ExitCodes;
import io.postflight.operations.OperationException;
import io.postflight.operations.client.DeploymentClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a user's history. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the events of a user, newest first.",
      "",
      "Times are RFC 3339, epoch milliseconds, or relative: 2h is two hours ago.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight timeline show --tenant acme 593990000525",
      "  postflight timeline show --tenant acme --since 7d --type 'message.*' --limit 20"
          + " 593990000525"
    })
final class TimelineShowCommand extends Subcommand {
  private static final int MOST = 1_000;

  @Mixin DeploymentOptions deployment = new DeploymentOptions();

  @Option(names = "--since", paramLabel = "TIME", description = "Nothing older.")
  @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Only events before this time.")
  @Nullable String until;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only events of this type, such as message.read or message.*.")
  @Nullable String type;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "Maximum number of events, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  int limit;

  @Option(names = "--json", description = "As JSON, as returned by the API.")
  boolean json;

  @Parameters(paramLabel = "USER", description = "The user.")
  String user = "";

  TimelineShowCommand(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  @Override
  public Integer call() {
    requireWithin("--limit", limit, 1, MOST);
    requireRange();
    String query = "&limit=" + limit + time("since", since) + time("until", until);
    if (type != null) {
      query += "&type=" + DeploymentClient.encoded(type);
    }
    DeploymentOptions.Access access = deployment.access(global, environment);
    String path = "/v1/user/timeline?id=" + DeploymentClient.encoded(user) + query;
    JsonNode page =
        access
            .client()
            .get(path, access.requireApiKey())
            .require("there is no user " + user + " of " + deployment.tenant());
    if (json) {
      printJson(page);
    } else {
      print(page);
    }
    return ExitCodes.DONE;
  }

  private void requireRange() {
    if (since != null
        && until != null
        && CommandTimes.millis("--since", since, environment.clock())
            > CommandTimes.millis("--until", until, environment.clock())) {
      throw OperationException.usage("--until " + until + " is before --since " + since);
    }
  }

  private String time(String name, @Nullable String value) {
    return value == null
        ? ""
        : '&' + name + '=' + CommandTimes.millis("--" + name, value, environment.clock());
  }

  private void print(JsonNode page) {
    out().printf("%-26s %-20s %-9s %s%n", "TIME", "TYPE", "CHANNEL", "MESSAGE");
    for (JsonNode item : page.path("items")) {
      out()
          .printf(
              "%-26s %-20s %-9s %s%n",
              item.path("eventTime").asText(),
              item.path("type").asText(),
              item.path("channel").asText(),
              item.hasNonNull("messageId")
                  ? item.get("messageId").asText()
                  : item.path("attributes").toString());
    }
    if (page.path("partial").asBoolean() || page.hasNonNull("nextCursor")) {
      out().println("More events exist: raise --limit, or narrow --since and --until.");
    }
  }
}
