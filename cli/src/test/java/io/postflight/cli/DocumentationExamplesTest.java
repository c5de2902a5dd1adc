package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks and events that the documentation shows are valid. */
class DocumentationExamplesTest {
  private static final Path ROOT = Path.of(System.getProperty("postflight.root", ".."));

  /** The body of a curl call. */
  private static final Pattern BODY = Pattern.compile("(?s)-d '(.+?)'");

  @TempDir Path directory;

  @Test
  void the_example_webhook_becomes_an_event() {
    CommandRun run =
        normalize(
            "whatsapp", ROOT.resolve("docs/examples/whatsapp-delivered.json").toAbsolutePath());

    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out()).contains("\"type\":\"message.delivered\"", "wamid.EXAMPLE.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/get-started.md"})
  void the_body_of_a_curl_call_is_valid(String page) throws IOException {
    CommandRun run =
        normalize("events", Files.writeString(directory.resolve("b.json"), body(page)));

    assertThat(run.code()).as(run.out()).isZero();
  }

  @Test
  void the_readme_shows_the_id_that_its_event_gets() throws IOException {
    CommandRun run =
        normalize("events", Files.writeString(directory.resolve("b.json"), body("README.md")));

    MatchResult id =
        Pattern.compile("\"eventId\":\"[^\"]+\"")
            .matcher(run.out())
            .results()
            .findFirst()
            .orElseThrow();
    assertThat(Files.readString(ROOT.resolve("README.md"))).contains(id.group());
  }

  private CommandRun normalize(String provider, Path file) {
    return CommandRun.of(
        directory, "normalize", "--provider", provider, "--tenant", "acme", file.toString());
  }

  private static String body(String page) throws IOException {
    return BODY.matcher(Files.readString(ROOT.resolve(page)))
        .results()
        .findFirst()
        .orElseThrow()
        .group(1);
  }
}
