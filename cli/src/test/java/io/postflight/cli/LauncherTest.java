package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code postflight} as the distribution has it; its Java runs with the tests' class
 * path.
 */
class LauncherTest {
  private static final Path ROOT = Path.of(System.getProperty("postflight.root", ".."));

  @TempDir Path directory;

  @BeforeEach
  void distribution() throws IOException {
    Files.createDirectories(directory.resolve("home/lib"));
    Path bin = Files.createDirectories(directory.resolve("home/bin"));
    Files.copy(ROOT.resolve("postflight"), bin.resolve("postflight"));
    Path java = Files.createDirectories(directory.resolve("java/bin")).resolve("java");
    Files.writeString(directory.resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\n");
    Files.writeString(
        java,
        """
        #!/usr/bin/env bash
        while [ "$1" != io.postflight.cli.Postflight ]; do shift; done
        exec '%s/bin/java' -XX:TieredStopAtLevel=1 -Dfile.encoding=UTF-8 -cp '%s' "$@"
        """
            .formatted(
                System.getProperty("java.home"), absolute(System.getProperty("java.class.path"))));
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"LC_ALL=C", "LC_ALL="})
  void an_argument_is_decoded_as_utf8_in_every_locale(String locale) throws Exception {
    Run run = run("env -u LANG " + locale + " $launcher $'caf\\xc3\\xa9\\xf0\\x9f\\x98\\x80'");

    assertThat(run.printed()).contains("unknown command 'caf\u00e9\ud83d\ude00'");
    assertThat(run.code()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bad\\xffid",
        "\\xc3",
        "\\xc0\\x80",
        "\\xe0\\x80\\x80",
        "\\xed\\xa0\\x80",
        "\\xf4\\x90\\x80\\x80"
      })
  void an_argument_that_is_not_utf8_is_refused_by_its_position(String argument) throws Exception {
    Run run = run("$launcher erase --tenant acme --message $'" + argument + "'");

    assertThat(run).isEqualTo(new Run(2, "postflight: argument 5 is not valid UTF-8\n"));
  }

  @Test
  void a_variable_that_is_not_utf8_is_refused_by_its_name() throws Exception {
    Run run = run("POSTFLIGHT_HTTP_HOST=$'\\xff' $launcher version");

    assertThat(run)
        .isEqualTo(
            new Run(2, "postflight: the value of POSTFLIGHT_HTTP_HOST is not valid UTF-8\n"));
  }

  private record Run(int code, String printed) {}

  /**
   * What the shell runs of a line; its bytes above ASCII are escaped, since this JVM has a locale
   * too.
   */
  private Run run(String line) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", line).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("POSTFLIGHT_"));
    environment.put("POSTFLIGHT_JAVA17", directory.resolve("java").toString());
    environment.put("launcher", directory.resolve("home/bin/postflight").toString());
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), printed);
  }

  private static String absolute(String classPath) {
    return String.join(
        File.pathSeparator,
        Arrays.stream(classPath.split(File.pathSeparator, -1))
            .map(each -> Path.of(each).toAbsolutePath().toString())
            .toList());
  }
}
