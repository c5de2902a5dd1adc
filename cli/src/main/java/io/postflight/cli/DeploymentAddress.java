package io.postflight.cli;

import io.postflight.demo.embedded.Endpoints;
import io.postflight.demo.embedded.RunningStack;
import io.postflight.demo.embedded.RunningStacks;
import io.postflight.operations.OperationException;
import io.postflight.operations.client.DeploymentClient;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A tenant and its deployment. */
final class DeploymentAddress {
  private static final String URL = "--url";

  @Option(names = "--tenant", required = true, paramLabel = "T", description = "The tenant.")
  String tenant = "";

  @Option(
      names = URL,
      paramLabel = "URL",
      description = "URL of the deployment (default: a running dev or demo --stay).")
  @Nullable String url;

  /**
   * A deployment.
   *
   * @param url base address
   * @param source how it was found
   * @param access to the tenant, if it is a stack on this machine that has the tenant
   */
  record Found(String url, String source, Optional<Endpoints.TenantAccess> access) {
    /** A client of it. */
    DeploymentClient client() {
      return source.equals(URL)
          ? new DeploymentClient(url)
          : new DeploymentClient(url, "start a stack with 'postflight dev', or pass --url");
    }

    /** Requires that a stack on this machine has the tenant; a deployment is not asked. */
    void requireTenant(String tenant) {
      if (!source.equals(URL) && access.isEmpty()) {
        client().requireTenant(tenant);
      }
    }

    /** Secrets of the tenant, per provider, as far as they are known. */
    Map<String, Map<String, String>> secrets() {
      return access.map(Endpoints.TenantAccess::secrets).orElse(Map.of());
    }
  }

  /**
   * Finds the deployment.
   *
   * @throws OperationException if none runs here and none was named
   */
  Found find(CommandEnvironment environment) {
    RunningStacks stacks = environment.stacks();
    if (url != null) {
      if (!url.matches("https?://[^/@]+(/.*)?")) {
        throw OperationException.usage(
            "--url %s is not allowed; allowed: a URL without a user, such as http://127.0.0.1:8080"
                .formatted(url.replaceFirst("//[^/]*@", "//***@")));
      }
      return new Found(url, URL, stacks.serving(url).flatMap(stack -> stack.tenant(tenant)));
    }
    Endpoints stack =
        stacks
            .only(Endpoints::servesHttp, URL, each -> each.endpoints().http())
            .map(RunningStack::endpoints)
            .orElseThrow(
                () ->
                    OperationException.unreachable(
                        (stacks.all().isEmpty()
                                ? "no running dev or demo --stay found: start 'postflight dev', or"
                                : "only servers are running here (dev --servers-only):")
                            + " pass --url and an API key"));
    return new Found(stack.http(), "dev, process " + stack.pid(), stack.tenant(tenant));
  }
}
