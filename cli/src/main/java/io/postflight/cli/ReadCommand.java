package io.postflight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.operations.client.DeploymentClient;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads one thing of a tenant by its id. */
abstract class ReadCommand extends Subcommand {
  @Mixin DeploymentOptions deployment = new DeploymentOptions();

  @Option(names = "--json", description = "As JSON, as returned by the API.")
  boolean json;

  /**
   * Reads and shows it.
   *
   * @param path of the API, which takes the id as the parameter {@code id}
   * @param what it is, for the error if there is none
   */
  Integer read(String path, String what, String id, Consumer<JsonNode> printer) {
    DeploymentOptions.Access access = deployment.access(global());
    JsonNode found =
        access.read(
            path + "?id=" + DeploymentClient.encoded(id),
            "there is no %s %s of %s".formatted(what, id, deployment.tenant()));
    show(found, json, printer);
    return ExitCodes.DONE;
  }
}
