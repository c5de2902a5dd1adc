package io.postflight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.demo.embedded.Endpoints;
import io.postflight.operations.OperationException;
import io.postflight.operations.client.DeploymentClient;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that select a deployment and a tenant. */
final class DeploymentOptions {
  private static final String KEY_VARIABLE = "POSTFLIGHT_API_KEY";

  @Mixin DeploymentAddress address = new DeploymentAddress();

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  @Nullable ApiKeyOption key;

  /** One of the two. */
  static final class ApiKeyOption {
    @Option(
        names = "--api-key",
        paramLabel = "KEY",
        required = true,
        description =
            "API key of the tenant (default: POSTFLIGHT_API_KEY, else that of a running dev or demo"
                + " --stay). It is visible in the process list: prefer the environment variable or"
                + " a file.")
    @Nullable String value;

    @Option(
        names = "--api-key-file",
        paramLabel = "FILE",
        required = true,
        description = "A file that contains only the API key and is readable only by its owner.")
    @Nullable Path file;
  }

  /**
   * Access of a tenant to a deployment.
   *
   * @param client of the deployment
   * @param apiKey key of the tenant, if one is known; one that the user gave is checked to be that
   *     tenant's
   * @param secrets of the tenant, per provider, as far as they are known
   */
  record Access(
      DeploymentClient client, Optional<String> apiKey, Map<String, Map<String, String>> secrets) {
    /**
     * Reads as the tenant.
     *
     * @param missing the message if the resource does not exist
     */
    JsonNode read(String path, String missing) {
      return client.get(path, apiKey.orElseThrow()).require(missing);
    }
  }

  /** The tenant that the command is about. */
  String tenant() {
    return address.tenant;
  }

  /**
   * Finds and prints the deployment, and checks that the key belongs to the tenant before any other
   * request.
   *
   * @return with an API key
   * @throws OperationException if none runs here and none was named, no key of the tenant is known,
   *     or the key belongs to another tenant
   */
  Access access(GlobalOptions global) {
    Access access = access(global, true);
    if (access.apiKey().isEmpty()) {
      access.client().requireTenant(tenant());
      throw OperationException.usage(
          "--api-key is missing: no API key of tenant '%s' is known; pass --api-key, --api-key-file or %s"
              .formatted(tenant(), KEY_VARIABLE));
    }
    return access;
  }

  /** The same if a signature can replace the key: only a key that the user gives is checked. */
  Access accessForWebhooks(GlobalOptions global) {
    return access(global, false);
  }

  private Access access(GlobalOptions global, boolean checkFoundKey) {
    Optional<String> given = given(global);
    DeploymentAddress.Found found = address.find(global.environment);
    Optional<String> apiKey =
        given
            .or(() -> found.access().map(Endpoints.TenantAccess::apiKey))
            .filter(text -> !text.isBlank());
    apiKey.ifPresent(DeploymentOptions::requireValid);
    global.announce(found.url() + " as tenant " + tenant() + " [" + found.source() + ']');
    DeploymentClient client = found.client();
    if (checkFoundKey || given.isPresent()) {
      apiKey.ifPresent(text -> client.requireKeyOf(tenant(), text));
    }
    return new Access(client, apiKey, found.secrets());
  }

  private Optional<String> given(GlobalOptions global) {
    if (key == null) {
      return global.environment.variable(KEY_VARIABLE);
    }
    return Optional.of(
        key.file == null
            ? String.valueOf(key.value)
            : SecretFile.read("--api-key-file", key.file, global));
  }

  private static void requireValid(String apiKey) {
    if (!apiKey.matches("[!-~]+")) {
      throw OperationException.usage("the API key has invalid characters, such as spaces");
    }
  }
}
