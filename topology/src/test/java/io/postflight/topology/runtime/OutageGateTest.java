package io.postflight.topology.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.schema.tenant.Tenant;
import io.postflight.topology.route.TenantResolver;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class OutageGateTest {
  private final RuntimeException registryFault =
      new StreamsException(new RegistryUnavailableException("connection refused"));

  private final FixedTenants tenants = FixedTenants.of(List.of());
  private boolean registryAvailable;
  private boolean paused;
  private long now = 1;

  @AutoClose
  private final OutageGate gate =
      new OutageGate("lifecycle", tenants, () -> registryAvailable, () -> now);

  OutageGateTest() {
    gate.control(
        new OutageGate.Intake() {
          @Override
          public void pause() {
            paused = true;
          }

          @Override
          public void resume() {
            paused = false;
          }
        });
  }

  @Test
  void a_record_that_needs_an_unavailable_registry_is_read_again_after_the_outage() {
    assertThatThrownBy(() -> process(registryFault)).isInstanceOf(TaskMigratedException.class);
    gate.probe();
    assertThat(paused).isTrue();

    registryAvailable = true;
    gate.probe();
    assertThat(paused).isFalse();
    assertThat(gate.closed()).isFalse();
  }

  @Test
  void an_outage_is_recognized_behind_an_exception_of_confluents_serializer() {
    RuntimeException wrapped =
        new StreamsException(
            new SerializationException(
                "Error serializing Avro message", new ConnectException("connection refused")));

    assertThat(FaultPolicy.kind(wrapped)).isEqualTo(FaultPolicy.FaultKind.TRANSIENT);
    assertThatThrownBy(() -> process(wrapped)).isInstanceOf(TaskMigratedException.class);
    assertThat(paused).isTrue();
  }

  @Test
  void an_outage_that_returns_at_once_pauses_longer_and_longer() {
    registryAvailable = true;
    assertThat(pausedMillis()).isZero();
    assertThat(pausedMillis()).isEqualTo(1_000);
    assertThat(pausedMillis()).isEqualTo(2_000);
    for (int i = 0; i < 10; i++) {
      pausedMillis();
    }
    assertThat(pausedMillis()).isEqualTo(30_000);

    now += 60_000;
    assertThat(pausedMillis()).isZero();
  }

  private long pausedMillis() {
    assertThatThrownBy(() -> process(registryFault)).isInstanceOf(TaskMigratedException.class);
    long begun = now;
    gate.probe();
    while (paused) {
      now += 500;
      gate.probe();
    }
    return now - begun;
  }

  @Test
  void waits_for_an_outage_end_on_close() {
    assertThatThrownBy(() -> process(registryFault)).isInstanceOf(TaskMigratedException.class);
    assertThat(gate.closed()).isTrue();

    gate.close();

    assertThat(gate.closed()).isFalse();
  }

  @Test
  void all_services_must_be_available_again() {
    RuntimeException behind = behind();
    assertThatThrownBy(() -> process(registryFault)).isInstanceOf(TaskMigratedException.class);
    assertThatThrownBy(() -> process(behind)).isInstanceOf(TaskMigratedException.class);

    registryAvailable = true;
    gate.probe();
    assertThat(paused).isTrue();

    tenants.put(new Tenant("acme", List.of(), List.of(), List.of(), List.of(), Map.of()));
    gate.probe();
    assertThat(paused).isFalse();
  }

  @Test
  void other_faults_are_passed_on_unchanged() {
    RuntimeException other = new IllegalStateException("bug");

    assertThatThrownBy(() -> process(other)).isSameAs(other);
    assertThat(paused).isFalse();
  }

  private RuntimeException behind() {
    try {
      var unused = new TenantResolver(tenants, Duration.ZERO).find("acme", 1);
      throw new AssertionError("the tenant is known");
    } catch (RuntimeException behind) {
      return behind;
    }
  }

  private void process(RuntimeException fault) {
    Processor<String, String, String, String> failing =
        record -> {
          throw fault;
        };
    gate.around(failing).process(new Record<>("key", "value", 0));
  }
}
