package io.postflight.operations.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedRequestTest {
  private static String content(String file) {
    return new String(
        RecordedRequest.content(file.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  @Test
  void the_content_of_a_recorded_get_is_its_query_string() {
    assertThat(content("GET /webhooks/x/acme?id=1&status=a%20b?c HTTP/1.1\n"))
        .isEqualTo("id=1&status=a%20b?c");
    assertThat(content("GET /hook?id=1 HTTP/2")).isEqualTo("id=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET ",
        "GET",
        "{\"a\":1}",
        "id=1&status=2",
        "GET /hook HTTP/1.1",
        "GET /hook?id=1 HTTP/1.1\nHost: x\n",
        "GET a b?c HTTP/1.1"
      })
  void every_other_content_is_unchanged(String file) {
    assertThat(content(file)).isEqualTo(file);
  }
}
