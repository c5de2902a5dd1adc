package io.postflight.cli;

import io.postflight.cli.client.DeploymentClient;
import io.postflight.cli.embedded.Endpoints;
import io.postflight.cli.embedded.RunningStacks;
import io.postflight.cli.output.CommandException;
import io.postflight.cli.output.Surroundings;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which deployment a command talks to, and as whom. */
final class DeploymentOptions {
  @Option(
      names = "--tenant",
      required = true,
      paramLabel = "T",
      description = "The tenant that it is about.")
  String tenant = "";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where the deployment is (default: a running dev or demo --stay).")
  @Nullable String url;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = "API key of the tenant (default: that of the running dev or demo --stay).")
  @Nullable String apiKey;

  /**
   * How to reach a deployment as a tenant.
   *
   * @param url base address
   * @param apiKey key of the tenant, if one is known
   * @param secrets of the tenant, per provider, as far as they are known
   */
  record Access(String url, Optional<String> apiKey, Map<String, Map<String, String>> secrets) {
    DeploymentClient client() {
      return new DeploymentClient(url);
    }

    /** The key. */
    String requireApiKey() {
      return apiKey.orElseThrow(
          () -> CommandException.usage("--api-key is missing: it is needed with --url"));
    }
  }

  /**
   * Finds the deployment.
   *
   * @throws CommandException if none runs here and none was named, or it does not know the tenant
   */
  Access access(Surroundings surroundings) {
    Optional<Endpoints> running =
        new RunningStacks(surroundings.environment(), surroundings.workingDirectory()).find();
    if (url != null) {
      Map<String, Map<String, String>> secrets =
          running
              .filter(stack -> stack.http().equals(url))
              .flatMap(stack -> stack.tenant(tenant))
              .map(Endpoints.TenantAccess::secrets)
              .orElse(Map.of());
      return new Access(requireHttp(url), Optional.ofNullable(apiKey), secrets);
    }
    Endpoints stack =
        running.orElseThrow(
            () ->
                CommandException.unreachable(
                    "no dev or demo --stay runs here: start 'postflight dev', or give --url and"
                        + " --api-key",
                    null));
    Endpoints.TenantAccess access =
        stack
            .tenant(tenant)
            .orElseThrow(
                () ->
                    CommandException.usage(
                        "--tenant "
                            + tenant
                            + " is not a tenant of the running stack; it has "
                            + String.join(
                                ", ",
                                stack.tenants().stream()
                                    .map(Endpoints.TenantAccess::id)
                                    .toList())));
    return new Access(
        stack.http(), Optional.of(apiKey == null ? access.apiKey() : apiKey), access.secrets());
  }

  private static String requireHttp(String url) {
    if (!url.matches("https?://[^/]+.*")) {
      throw CommandException.usage(
          "--url " + url + " is no address; it must be such as http://127.0.0.1:8080");
    }
    return url;
  }
}
