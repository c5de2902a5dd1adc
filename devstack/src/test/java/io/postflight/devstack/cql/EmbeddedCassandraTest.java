package io.postflight.devstack.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import io.postflight.devstack.junit.SharedServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class EmbeddedCassandraTest {
  @Test
  void a_paused_node_does_not_answer_until_it_is_resumed() {
    EmbeddedCassandra cassandra = SharedServers.cassandra();
    cassandra.pause();
    try {
      assertThat(ReadyProbe.answers(cassandra.address())).isFalse();
      assertThat(cassandra.running()).isTrue();
    } finally {
      cassandra.resume();
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ReadyProbe.answers(cassandra.address()));
  }

  @Test
  void missing_jars_are_named_with_the_command_that_provides_them() {
    Path empty = SharedServers.newDirectory("empty");
    CassandraSettings settings = CassandraSettings.of(SharedServers.newDirectory("no_jars"), empty);
    assertThatThrownBy(() -> EmbeddedCassandra.start(settings))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(empty.toString())
        .hasMessageContaining("generate-resources");
  }

  @Test
  void a_node_that_cannot_start_shows_its_exit_code_and_the_end_of_its_log() throws IOException {
    Path directory = SharedServers.newDirectory("broken");
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("data"), "a file where the data directory should be");
    CassandraSettings settings = CassandraSettings.of(directory).withQuickStart();
    assertThatThrownBy(() -> EmbeddedCassandra.start(settings))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching("(?s).*process [0-9]+ ended with exit code [1-9].*")
        .hasMessageContaining("cassandra.log")
        .hasMessageContaining("data");
  }

  @Test
  void an_option_that_cannot_be_a_key_of_the_configuration_is_named() {
    CassandraSettings settings = CassandraSettings.of(SharedServers.newDirectory("options"));
    assertThatThrownBy(() -> settings.withOption("commit failure policy", "stop"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'commit failure policy'")
        .hasMessageContaining("[a-z]");
  }

  static CqlSession session(EmbeddedCassandra cassandra) {
    return CqlSession.builder()
        .addContactPoint(cassandra.address())
        .withLocalDatacenter(cassandra.datacenter())
        .withConfigLoader(
            DriverConfigLoader.programmaticBuilder()
                .withString(DefaultDriverOption.PROTOCOL_VERSION, "V4")
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(20))
                .withDuration(
                    DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(20))
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                .build())
        .build();
  }
}
