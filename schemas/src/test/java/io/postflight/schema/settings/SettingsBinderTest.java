package io.postflight.schema.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsBinderTest {
  /** Settings of every type; {@code derived} is none. */
  record ExampleServer(
      @Setting(value = "Port.", defaultValue = "80", min = "1", max = "65535") int port,
      @JsonUnwrapped ExampleLimits limits,
      @Setting("Delays.") ExampleRetry retry,
      @Setting(value = "Url.", defaultValue = "http://localhost", server = true) URI url,
      @Setting(
              value = "Peers.",
              defaultValue = "",
              none = "",
              pattern = "[a-z]+",
              allowed = "a word")
          List<String> peers,
      @Setting(
              value = "Level.",
              defaultValue = "ONE",
              oneOf = {"ONE", "ALL"})
          String level,
      @Setting(
              value = "Password.",
              defaultValue = "",
              none = "",
              pattern = ".{8,}",
              allowed = "8 characters or more",
              secret = true)
          @Nullable String password,
      @Setting(value = "Properties.", defaultValue = "", allowed = "anything")
          Map<String, String> properties,
      int derived) {
    ExampleServer {
      SettingDefinition.require(
          ExampleServer.class,
          port,
          limits,
          retry,
          url,
          peers,
          level,
          password,
          properties,
          derived);
    }
  }

  /** An unwrapped section. */
  record ExampleLimits(
      @Setting(value = "Body.", defaultValue = "48KiB", min = "1KiB", max = "3MiB") int maxBody,
      @Setting(value = "Total.", defaultValue = "1GiB", min = "1KiB", max = "64GiB") long maxTotal,
      @Setting(value = "Trust.", defaultValue = "false") boolean trust) {}

  /** A nested section. */
  record ExampleRetry(
      @Setting(value = "First.", defaultValue = "50ms", min = "1ms", max = "1m") Duration first,
      @Setting(value = "Maximum.", defaultValue = "", none = "", min = "1s", max = "5m")
          Optional<Duration> maximum) {
    ExampleRetry {
      if (maximum.isPresent() && maximum.get().compareTo(first) < 0) {
        throw new IllegalArgumentException("retry.maximum is shorter than retry.first");
      }
    }
  }

  @Test
  void absent_settings_have_their_defaults() {
    ExampleServer server = SettingsBinder.defaults(ExampleServer.class);

    assertThat(server.port()).isEqualTo(80);
    assertThat(server.limits()).isEqualTo(new ExampleLimits(48 << 10, 1L << 30, false));
    assertThat(server.retry()).isEqualTo(new ExampleRetry(Duration.ofMillis(50), Optional.empty()));
    assertThat(server.url()).isEqualTo(URI.create("http://localhost"));
    assertThat(server.peers()).isEmpty();
    assertThat(server.password()).isNull();
    assertThat(server.properties()).isEmpty();
    assertThat(server.derived()).isZero();
  }

  @Test
  void values_are_given_as_text_numbers_lists_and_maps() {
    ExampleServer server =
        SettingsBinder.bind(
            ExampleServer.class,
            Map.of(
                "port", 8080,
                "maxBody", " 2 mib ",
                "maxTotal", "5KiB",
                "trust", true,
                "retry.first", "2s",
                "retry.maximum", "1m",
                "url", "https://a.example/x",
                "peers", List.of("a", "b"),
                "level", "all",
                "properties", Map.of("security", Map.of("protocol", "SSL"))));

    assertThat(server.limits()).isEqualTo(new ExampleLimits(2 << 20, 5 << 10, true));
    assertThat(server.retry())
        .isEqualTo(new ExampleRetry(Duration.ofSeconds(2), Optional.of(Duration.ofMinutes(1))));
    assertThat(server.peers()).containsExactly("a", "b");
    assertThat(server.level()).isEqualTo("ALL");
    assertThat(server.properties()).containsExactly(Map.entry("security.protocol", "SSL"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port        | 0      | it must be a whole number from 1 to 65535",
        "port        | 8o     | it must be a whole number from 1 to 65535",
        "port        | 80.5   | it must be a whole number from 1 to 65535",
        "port        | ''     | it must be a whole number from 1 to 65535",
        "maxBody     | 48     | it must be a size from 1KiB to 3MiB, with its unit: B, KiB, MiB,"
            + " GiB",
        "maxBody     | 4MiB   | it must be a size from 1KiB to 3MiB, with its unit: B, KiB, MiB,"
            + " GiB",
        "trust       | yes    | it must be true or false",
        "retry.first | 30     | it must be a time span from 1ms to 1m, with its unit: ms, s, m, h,"
            + " d",
        "retry.first | 2h     | it must be a time span from 1ms to 1m, with its unit: ms, s, m, h,"
            + " d",
        "url         | ftp://a| it must be an address such as https://postflight.example.com",
        "peers       | a,B    | it must be a list, each a word; or empty",
        "level       | TWO    | it must be one of ONE, ALL"
      })
  void a_value_that_is_not_allowed_is_named_with_what_is(String key, String value, String allowed) {
    assertThatThrownBy(() -> SettingsBinder.with(ExampleServer.class, Map.of(key, value)))
        .isInstanceOf(SettingException.class)
        .hasMessage("%s = '%s' is not allowed: %s", key, value, allowed);
  }

  @Test
  void a_list_is_not_a_single_value() {
    assertThatThrownBy(() -> SettingsBinder.bind(ExampleServer.class, Map.of("port", List.of(80))))
        .hasMessageContaining("port = '[80]'");
  }

  @Test
  void a_secret_is_not_shown() {
    assertThatThrownBy(
            () -> SettingsBinder.with(ExampleServer.class, Map.of("password", "hunter2")))
        .hasMessage("password = '***' is not allowed: it must be 8 characters or more; or empty");
  }

  @Test
  void an_unknown_key_is_refused() {
    assertThatThrownBy(() -> SettingsBinder.with(ExampleServer.class, Map.of("retry.frist", "1s")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("frist");
  }

  @Test
  void values_that_do_not_go_together_are_refused_by_the_record() {
    assertThatThrownBy(
            () ->
                SettingsBinder.with(
                    ExampleServer.class, Map.of("retry.first", "3s", "retry.maximum", "2s")))
        .isInstanceOf(SettingException.class)
        .hasMessage("retry.maximum is shorter than retry.first");
  }

  @Test
  void a_copy_with_a_value_out_of_bounds_is_refused() {
    ExampleServer server = SettingsBinder.defaults(ExampleServer.class);

    assertThat(RecordCopy.with(server, "port", 81).port()).isEqualTo(81);
    assertThatThrownBy(() -> RecordCopy.with(server, "port", 0))
        .hasMessage("port = '0' is not allowed: it must be a whole number from 1 to 65535");
    assertThatThrownBy(() -> RecordCopy.with(server, "password", "hunter2"))
        .hasMessageContaining("password = '***'");
    assertThatThrownBy(() -> RecordCopy.with(server, "prot", 1)).hasMessageContaining("prot");
  }

  @Test
  void definitions_follow_the_declaration() {
    assertThat(SettingDefinition.of(ExampleServer.class))
        .extracting(SettingDefinition::key)
        .containsExactly(
            "port",
            "maxBody",
            "maxTotal",
            "trust",
            "retry",
            "retry.first",
            "retry.maximum",
            "url",
            "peers",
            "level",
            "password",
            "properties");
  }

  @ParameterizedTest
  @CsvSource({"14d", "36h", "90s", "5m", "50ms", "1500ms"})
  void a_duration_is_written_in_the_unit_that_it_was_read_in(String text) {
    assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
  }
}
