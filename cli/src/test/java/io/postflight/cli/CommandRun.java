package io.postflight.cli;

import io.postflight.runtime.TestDeployment;
import io.postflight.schema.settings.RecordCopy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One run of the command, as a user sees it.
 *
 * @param code the exit code
 * @param out standard output
 * @param err standard error, without the line that names the servers
 * @param target that line; empty: there was none
 */
record CommandRun(int code, String out, String err, String target) {

  private static final String TARGET = "target: ";

  static CommandRun of(Path directory, String... arguments) {
    return of(directory, "", Map.of(), arguments);
  }

  static CommandRun of(Path directory, String in, Map<String, String> given, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> variables = new HashMap<>(given);
    variables.put("POSTFLIGHT_CACHE_DIR", directory.resolve("cache").toString());
    CommandEnvironment environment =
        RecordCopy.with(
            CommandEnvironment.ofProcess(),
            Map.of(
                "in",
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                "out",
                new PrintStream(out, true, StandardCharsets.UTF_8),
                "err",
                new PrintStream(err, true, StandardCharsets.UTF_8),
                "terminal",
                false,
                "variables",
                variables,
                "workingDirectory",
                directory,
                "home",
                directory));
    int code = Postflight.run(environment, List.of(arguments));
    Map<Boolean, List<String>> lines =
        err.toString(StandardCharsets.UTF_8)
            .lines()
            .collect(Collectors.partitioningBy(line -> line.startsWith(TARGET)));
    return new CommandRun(
        code,
        out.toString(StandardCharsets.UTF_8),
        String.join("\n", lines.getOrDefault(false, List.of())),
        String.join("\n", lines.getOrDefault(true, List.of())));
  }

  /** Runs the command on a deployment. */
  static CommandRun on(TestDeployment deployment, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--config");
    all.add(deployment.file().toString());
    return of(deployment.directory(), all.toArray(String[]::new));
  }

  /** Runs the command on a deployment; it must end with 0. */
  static CommandRun done(TestDeployment deployment, String... arguments) {
    CommandRun run = on(deployment, arguments);
    if (run.code() != 0) {
      throw new AssertionError(List.of(arguments) + " ended with " + run);
    }
    return run;
  }

  List<String> lines() {
    return out.lines().toList();
  }
}
