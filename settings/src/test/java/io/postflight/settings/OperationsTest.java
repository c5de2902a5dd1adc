package io.postflight.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.operations.admin.Provisioning;
import io.postflight.operations.replay.ReplayWiring;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings as operations receive them. */
class OperationsTest {
  @Test
  void a_restore_has_the_limits_of_the_sink() {
    DeploymentSettings settings =
        load("sink.statements=7", "sink.window.rows=70", "sink.batch.linger=7ms");

    assertThat(ReplayWiring.replay(settings.operations(), settings.tiers().get(0)).limits())
        .isEqualTo(settings.sink().limits())
        .isNotEqualTo(load().sink().limits());
  }

  @Test
  void a_password_in_the_address_of_the_registry_is_refused_and_not_shown() {
    assertThatThrownBy(() -> load("registry.url=http://user:s3cret@localhost:8081"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("registry.url", "registry.credentials")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> load("gateway.publicUrl=https://user:s3cret@example.com"))
        .hasMessageContaining("gateway.publicUrl")
        .hasMessageNotContaining("s3cret");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 2", "5, 4"})
  void records_are_in_all_replicas_but_one(int replicas, String inSync) {
    DeploymentSettings settings = load("kafka.replication=" + replicas);

    assertThat(Provisioning.topics(settings.operations()))
        .allSatisfy(
            topic -> assertThat(topic.config()).containsEntry("min.insync.replicas", inSync));
  }

  private static DeploymentSettings load(String... assignments) {
    return new SettingsLoader(Map.of()).load(null, List.of(assignments));
  }
}
