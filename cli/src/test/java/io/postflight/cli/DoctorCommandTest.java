package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.runtime.TestDeployment;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The command as a whole; each check has tests of its own. */
class DoctorCommandTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void a_fresh_deployment_passes_before_start_and_fails_while_no_role_is_running()
      throws Exception {
    TestDeployment deployment = TestDeployment.of("fresh").created();

    CommandRun before = CommandRun.on(deployment, "doctor", "--before-start", "--json");
    CommandRun running = CommandRun.on(deployment, "doctor");

    assertThat(before.code()).as(before.out() + before.err()).isZero();
    JsonNode report = JSON.readTree(before.out());
    assertThat(report.path("fail").asInt()).isZero();
    assertThat(report.path("ok").asInt()).isPositive();
    TreeSet<String> checks = new TreeSet<>();
    report.path("checks").forEach(check -> checks.add(check.path("check").asText()));
    assertThat(checks)
        .containsExactly(
            "clock",
            "commit-log",
            "consistency",
            "recovery",
            "registry",
            "replication",
            "retention",
            "schema",
            "tables",
            "tenants",
            "topics");
    assertThat(running.code()).isEqualTo(1);
    assertThat(running.lines())
        .allMatch(line -> line.matches("(ok  |warn|fail)  \\S+ +\\S+: .+|\\d+ ok, .*"))
        .anyMatch(
            line ->
                line.matches("fail  lag +sink:30d: no process is running.*to do: .*run --roles.*"));
  }

  @Test
  void unreachable_servers_end_with_3_and_the_others_are_checked() throws Exception {
    TestDeployment deployment = TestDeployment.of("partly").created();

    CommandRun run =
        CommandRun.on(
            deployment,
            "doctor",
            "--before-start",
            "--json",
            "--set",
            "tierDefaults.contactPoints=127.0.0.1:9",
            "--set",
            "registry.url=http://127.0.0.1:9");

    assertThat(run.code()).isEqualTo(3);
    JsonNode report = JSON.readTree(run.out());
    assertThat(report.path("unreachable").asBoolean()).isTrue();
    List<String> unreachable =
        report
            .path("checks")
            .valueStream()
            .filter(check -> check.path("check").asText().equals("reachable"))
            .map(check -> check.path("subject").asText())
            .toList();
    assertThat(unreachable).containsExactly("registry", "tier 30d");
    assertThat(run.out())
        .contains("tier 30d at 127.0.0.1:9: no node is reachable (connection ")
        .doesNotContain("Exception", "com.datastax", "java.");
    assertThat(report.path("checks").valueStream())
        .anyMatch(check -> check.path("check").asText().equals("topics"));
  }
}
