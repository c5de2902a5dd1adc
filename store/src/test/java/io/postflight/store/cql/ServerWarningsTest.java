package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerWarningsTest {
  @Test
  void the_driver_does_not_log_statements_with_their_values() {
    ClusterSettings settings =
        ClusterSettings.singleNode("127.0.0.1", 9042, "datacenter1", "postflight_30d");

    assertThat(
            SessionConfig.loader("x", settings)
                .getInitialConfig()
                .getDefaultProfile()
                .getBoolean(DefaultDriverOption.REQUEST_LOG_WARNINGS))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          Batch for [a.t] is of size 9, exceeding 5 | Batch for [a.t] is of size 9, exceeding 5
          Read 1 live rows and 9 tombstone cells for query SELECT * FROM a.t WHERE u = 593 | Read 1 live rows and 9 tombstone cells for a query
          Query SELECT a FROM b.c WHERE user_id = '593' has too much | Query SELECT ...
          value of 'it''s me' is large | value of '...' is large
          """)
  void a_warning_is_logged_without_values(String warning, String logged) {
    assertThat(ServerWarnings.withoutValues(warning)).isEqualTo(logged);
  }
}
