package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HttpClientsTest {
  private static final Path ROOT = Path.of(System.getProperty("postflight.root", ".."));

  /** A client of its own would wait indefinitely for a server that stalls within a response. */
  @Test
  void every_http_request_goes_through_the_client_whose_timeout_covers_the_response()
      throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      assertThat(
              files
                  .filter(file -> file.toString().contains("/src/main/"))
                  .filter(file -> file.toString().endsWith(".java"))
                  .filter(file -> read(file).contains("java.net.http.HttpClient;")))
          .extracting(file -> file.getFileName().toString())
          .containsExactly("BoundedHttp.java");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
