package io.postflight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.operations.client.UserText;
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
      "Shows the events of a user under all ids of the person, newest first.",
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
  @Mixin DeploymentOptions deployment = new DeploymentOptions();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only events at or after this time.")
  @Nullable Moment since;

  @Option(names = "--until", paramLabel = "TIME", description = "Only events before this time.")
  @Nullable Moment until;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only events of this type, such as message.read or message.*.")
  @Nullable String type;

  @Within(least = 1, most = 1_000)
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "Maximum number of events, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  int limit;

  @Option(names = "--json", description = "As JSON, as returned by the API.")
  boolean json;

  @Parameters(paramLabel = "USER", description = "The user; put -- before one like -x.")
  String user = "";

  @Override
  public Integer call() {
    Long unused = since == null ? null : since.end("--since", "--until", until);
    String query = "&limit=" + limit + time("since", since) + time("until", until);
    if (type != null) {
      query += "&type=" + DeploymentClient.encoded(type);
    }
    DeploymentOptions.Access access = deployment.access(global());
    String path = "/v1/user/timeline?id=" + DeploymentClient.encoded(user) + query;
    JsonNode page = access.read(path, "there is no user " + user + " of " + deployment.tenant());
    show(page, json, found -> UserText.timeline(found, out()));
    return ExitCodes.DONE;
  }

  private static String time(String name, @Nullable Moment value) {
    return value == null ? "" : '&' + name + '=' + value.millis();
  }
}
