package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.demo.embedded.Endpoints;
import io.postflight.demo.embedded.OwnerOnly;
import io.postflight.operations.OperationException;
import io.postflight.operations.client.DeploymentClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which deployment a command talks to, and as whom. */
final class DeploymentOptions {
  private static final String KEY_VARIABLE = "POSTFLIGHT_API_KEY";

  @Mixin DeploymentAddress address = new DeploymentAddress();

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  @Nullable Key key;

  /** One of the two. */
  static final class Key {
    @Option(
        names = "--api-key",
        paramLabel = "KEY",
        required = true,
        description =
            "API key of the tenant (default: POSTFLIGHT_API_KEY, else that of a running dev or demo"
                + " --stay). It is visible in the process list: prefer the environment variable or a"
                + " file.")
    @Nullable String value;

    @Option(
        names = "--api-key-file",
        paramLabel = "FILE",
        required = true,
        description = "A file that contains only the API key and is readable only by its owner.")
    @Nullable Path file;
  }

  /**
   * How to reach a deployment as a tenant.
   *
   * @param client of the deployment
   * @param tenant the tenant
   * @param apiKey key of the tenant, if one is known; one that the user gave is checked to be that
   *     tenant's
   * @param secrets of the tenant, per provider, as far as they are known
   */
  record Access(
      DeploymentClient client,
      String tenant,
      Optional<String> apiKey,
      Map<String, Map<String, String>> secrets) {

    /** The key. */
    String requireApiKey() {
      return apiKey.orElseThrow(
          () ->
              OperationException.usage(
                  "--api-key is missing: no API key of tenant '"
                      + tenant
                      + "' is known; pass --api-key, --api-key-file or "
                      + KEY_VARIABLE
                      + " ('postflight tenants list' lists the tenants)"));
    }
  }

  /** The tenant that the command is about. */
  String tenant() {
    return address.tenant;
  }

  /**
   * Finds the deployment, says which it is, and makes sure that the key is the tenant's: before
   * anything else is asked of the deployment.
   *
   * @throws OperationException if none runs here and none was named, no key of the tenant is known,
   *     or the key belongs to another tenant
   */
  Access access(GlobalOptions global, CommandEnvironment environment) {
    Access access = access(global, environment, true);
    access.requireApiKey();
    return access;
  }

  /**
   * The same where signatures will do instead of a key: only a key that the user gives is checked.
   */
  Access accessForWebhooks(GlobalOptions global, CommandEnvironment environment) {
    return access(global, environment, false);
  }

  private Access access(
      GlobalOptions global, CommandEnvironment environment, boolean checkFoundKey) {
    Optional<String> given = given(global, environment);
    DeploymentAddress.Found found = address.find(environment);
    Optional<String> ofStack =
        found.access().map(Endpoints.TenantAccess::apiKey).filter(text -> !text.isBlank());
    Access access =
        new Access(
            found.client(),
            tenant(),
            given.or(() -> ofStack).filter(text -> !text.isEmpty()).map(DeploymentOptions::checked),
            found.secrets());
    global.announce(
        environment, found.url() + " as tenant " + tenant() + " [" + found.source() + ']');
    if (access.apiKey().isPresent() && (checkFoundKey || given.isPresent())) {
      access.client().requireKeyOf(tenant(), access.requireApiKey());
    }
    return access;
  }

  private Optional<String> given(GlobalOptions global, CommandEnvironment environment) {
    if (key == null) {
      return Optional.ofNullable(environment.variables().get(KEY_VARIABLE))
          .map(String::strip)
          .filter(text -> !text.isEmpty());
    }
    return Optional.of(
        key.file == null ? String.valueOf(key.value) : read(key.file, global, environment));
  }

  private static String checked(String apiKey) {
    if (!apiKey.matches("[!-~]+")) {
      throw OperationException.usage("the API key has invalid characters, such as spaces");
    }
    return apiKey;
  }

  private static String read(Path file, GlobalOptions global, CommandEnvironment environment) {
    Path path = environment.resolve(file);
    try {
      String text = Files.readString(path).strip();
      if (text.isEmpty()) {
        throw OperationException.usage("--api-key-file " + file + " is empty");
      }
      if (OwnerOnly.isReadByOthers(path) && !global.quiet) {
        environment
            .err()
            .println(
                "warning: --api-key-file "
                    + file
                    + " is readable by other users: chmod 600 "
                    + file);
      }
      return text;
    } catch (NoSuchFileException missing) {
      throw OperationException.usage("--api-key-file " + file + ": there is no such file");
    } catch (IOException e) {
      throw OperationException.usage("--api-key-file " + file + " cannot be read: " + e);
    }
  }
}
