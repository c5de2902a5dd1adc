package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.schema.directory.ApiKeys;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** An API key that is to be made. */
final class NewKey {
  @Option(
      names = "--scopes",
      split = ",",
      paramLabel = "S",
      description = "Scopes of the key: read, write, erase (default: all).")
  List<String> scopes = new ArrayList<>(ApiKeys.SCOPES);

  /** Whether it may do everything. */
  boolean hasAllScopes() {
    return scopes.containsAll(ApiKeys.SCOPES);
  }

  /** Makes it. The text is shown once and kept nowhere. */
  ApiKeys.Created create(long nowMillis) {
    if (scopes.isEmpty() || !ApiKeys.SCOPES.containsAll(scopes)) {
      throw OperationException.usage(
          "--scopes "
              + String.join(",", scopes)
              + " is not allowed; allowed: "
              + String.join(", ", ApiKeys.SCOPES));
    }
    return ApiKeys.create(new SecureRandom(), List.copyOf(scopes), nowMillis);
  }
}
