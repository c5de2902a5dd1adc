package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.demo.embedded.DevTenants;
import io.postflight.demo.embedded.Endpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which servers a command uses: named servers are used, and refused where the command has servers
 * of its own; a running {@code dev} is used where nothing names servers.
 */
class TargetServersTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev --set kafka.bootstrap=127.0.0.1:9",
        "demo --set tiers.30d.contactPoints=127.0.0.1:9",
        "run --roles api --servers dev --set registry.url=http://127.0.0.1:9",
        "topics diff --servers dev --set kafka.client.security.protocol=SSL",
        "dev --set topology.stateDir=state",
        "demo --set sink.stateDir=state",
        "drill --tier 30d --set sink.stateDir=state",
        "dev --set tierDefaults.replication=3",
        "dev --set kafka.replication=3",
        "dev --port 18080 --set http.port=18081",
        "dev --data-dir a --set dev.dataDir=b",
        "run --roles api --servers dev --set tiers.30d.replication=3",
        "dev --servers-only --set http.statusPort=9"
      })
  void servers_are_not_named_where_others_are_meant(String command) {
    CommandRun run = CommandRun.of(directory, command.split(" "));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--set", "would have no effect").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dev", "demo", "topics diff --servers dev", "run --roles api --servers dev"})
  void servers_of_the_environment_and_of_a_given_file_are_refused_there_too(String command)
      throws IOException {
    Files.writeString(directory.resolve("own.conf"), "kafka.bootstrap=[\"127.0.0.1:9\"]");

    CommandRun variable =
        CommandRun.of(
            directory, "", Map.of("POSTFLIGHT_KAFKA_BOOTSTRAP", "a:1"), command.split(" "));
    CommandRun file = CommandRun.of(directory, (command + " --config own.conf").split(" "));

    assertThat(List.of(variable, file)).allMatch(run -> run.code() == 2);
    assertThat(variable.err()).contains("POSTFLIGHT_KAFKA_BOOTSTRAP would have no effect");
    assertThat(file.err()).contains("--config own.conf (kafka.bootstrap) would have no effect");
  }

  @Test
  void a_file_without_servers_is_accepted_where_the_servers_are_those_of_a_dev()
      throws IOException {
    aDevRuns();
    Files.writeString(directory.resolve("own.conf"), "kafka.topicPrefix = \"a.\"");

    CommandRun run =
        CommandRun.of(
            directory,
            "tenants add x --tier 31d --servers .postflight/dev --config own.conf".split(" "));

    assertThat(run.target()).contains("127.0.0.9:1", "dev in");
    assertThat(run.err()).contains("31d").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema diff --set tiers.30d.contactPoints=127.0.0.1:9",
        "schema diff --set tierDefaults.contactPoints=127.0.0.1:9",
        "schema diff --config own.conf",
        "topics diff --set registry.url=http://127.0.0.1:9"
      })
  void servers_that_are_named_are_not_replaced_by_those_of_a_dev(String command)
      throws IOException {
    aDevRuns();
    Files.writeString(directory.resolve("own.conf"), "tiers.30d.contactPoints=[\"127.0.0.1:9\"]");

    CommandRun run =
        CommandRun.of(
            directory,
            "",
            Map.of("POSTFLIGHT_KAFKA_CLIENT_DEFAULT_API_TIMEOUT_MS", "100"),
            (command + " --set tierDefaults.requestTimeout=100ms").split(" "));

    assertThat(run.target()).contains("127.0.0.1:9").doesNotContain("dev in", "127.0.0.9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POSTFLIGHT_KAFKA_BOOTSTRAP",
        "POSTFLIGHT_KAFKABOOTSTRAP",
        "POSTFLIGHT_KAFKA_CLIENT_CLIENT_ID"
      })
  void servers_of_the_environment_are_not_replaced_either(String variable) throws IOException {
    aDevRuns();

    CommandRun run =
        CommandRun.of(
            directory,
            "",
            Map.of(variable, "127.0.0.1:9"),
            "topics",
            "diff",
            "--set",
            "kafka.client.request.timeout.ms=100",
            "--set",
            "kafka.client.default.api.timeout.ms=100");

    assertThat(run.code()).as(run.out()).isEqualTo(3);
    assertThat(run.target()).contains(variable).doesNotContain("dev in", "127.0.0.9");
  }

  @Test
  void a_dev_is_found_where_nothing_names_servers_and_quiet_suppresses_the_line()
      throws IOException {
    aDevRuns();

    CommandRun run = CommandRun.of(directory, "tenants", "add", "x", "--tier", "31d");
    CommandRun quiet = CommandRun.of(directory, "tenants", "add", "x", "--tier", "31d", "--quiet");

    assertThat(run.target()).contains("127.0.0.9:1", "127.0.0.1:3", "dev in");
    assertThat(quiet.target()).isEmpty();
    assertThat(quiet.err()).contains("31d").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "message show --tenant acme m-1, --url http://127.0.0.1:2",
    "tenants list, --servers"
  })
  void one_of_several_stacks_must_be_named(String command, String option) throws IOException {
    aDevRuns();
    aStackRuns("other", "http://127.0.0.1:4", true);

    CommandRun run = CommandRun.of(directory, command.split(" "));

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .contains("2 stacks run", option, ".postflight/dev", ".postflight/other")
        .hasLineCount(1);
  }

  @Test
  void a_stack_of_servers_only_receives_no_request_for_messages() throws IOException {
    aStackRuns("servers", null, false);

    CommandRun run = CommandRun.of(directory, "message", "show", "--tenant", "acme", "m-1");

    assertThat(run.code()).as(run.err()).isEqualTo(3);
    assertThat(run.err())
        .contains("only servers are running here (dev --servers-only): pass --url and")
        .hasLineCount(1);
  }

  private void aDevRuns() throws IOException {
    aStackRuns("dev", "http://127.0.0.1:3", true);
  }

  @Test
  void a_stack_without_a_status_port_is_found() throws IOException {
    aStackRuns("dev", null, true);

    CommandRun run = CommandRun.of(directory, "message", "show", "--tenant", "acme", "m-1");

    assertThat(run.err()).doesNotContain("no running dev");
  }

  private void aStackRuns(String name, @Nullable String status, boolean servesHttp)
      throws IOException {
    Map<String, Endpoints.Cql> cql = new TreeMap<>();
    for (String tier : List.of("15d", "30d", "60d", "90d")) {
      cql.put(tier, new Endpoints.Cql("127.0.0.1", 3, "datacenter1", "postflight_" + tier));
    }
    Endpoints.builder("http://127.0.0.1:2", "127.0.0.9:1", "http://127.0.0.1:2")
        .servesHttp(servesHttp)
        .status(status)
        .cql(cql)
        .adminKey(DevTenants.operatorKey())
        .build()
        .writeTo(Files.createDirectories(directory.resolve(".postflight").resolve(name)));
  }
}
