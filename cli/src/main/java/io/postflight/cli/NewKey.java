package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.schema.directory.ApiKeys;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** An API key to be created. */
final class NewKey {
  @Option(
      names = "--scopes",
      split = ",",
      paramLabel = "S",
      description = "Scopes of the key: read, write, erase (default: all).")
  List<String> scopes = new ArrayList<>(ApiKeys.SCOPES);

  /** Whether it has all scopes. */
  boolean hasAllScopes() {
    return scopes.containsAll(ApiKeys.SCOPES);
  }

  /** Creates it. The text is shown once and not stored. */
  ApiKeys.Created create(InstantSource clock) {
    if (scopes.isEmpty() || !ApiKeys.SCOPES.containsAll(scopes)) {
      throw OperationException.usage(
          "--scopes %s is not allowed; allowed: %s"
              .formatted(String.join(",", scopes), String.join(", ", ApiKeys.SCOPES)));
    }
    return ApiKeys.create(new SecureRandom(), List.copyOf(scopes), clock.millis());
  }
}
