package io.postflight.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The secret that webhooks of a provider are signed with. */
final class SecretOption {
  private static final String VARIABLE = "POSTFLIGHT_SECRET";

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  @Nullable GivenSecret given;

  /** One of the two. */
  static final class GivenSecret {
    @Option(
        names = "--secret",
        paramLabel = "S",
        required = true,
        description =
            "The secret for the signature (default: POSTFLIGHT_SECRET, else that of a running dev"
                + " or demo --stay). It is visible in the process list: prefer the environment"
                + " variable or a file.")
    @Nullable String value;

    @Option(
        names = "--secret-file",
        paramLabel = "FILE",
        required = true,
        description = "A file that contains only the secret and is readable only by its owner.")
    @Nullable Path file;
  }

  /** The secret that the user gave; null: none. */
  @Nullable String value(GlobalOptions global) {
    if (given == null) {
      return global.environment.variable(VARIABLE).orElse(null);
    }
    return given.file == null ? given.value : SecretFile.read("--secret-file", given.file, global);
  }
}
