package io.postflight.topology.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.topology.SimulatedStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Acknowledgements that cause a user's command to be forwarded. */
class AcknowledgementsTest {
  private static final int PARTITIONS = 96;
  private static final long T = 1_760_000_000_000L;
  private static final Erasure COMMAND = command("c1");
  private static final int HERE = LifecyclePartitioner.forwardedBy(COMMAND, PARTITIONS);

  private final SimulatedStore<String, LifecycleCommand> store = new SimulatedStore<>("erasures");
  private final Acknowledgements acknowledgements = new Acknowledgements(store, HERE, PARTITIONS);

  // Legal histories: the command is forwarded, with the last acknowledgement and once.

  @Test
  void the_last_partitions_acknowledgement_forwards_the_command() {
    acknowledgements.await(COMMAND);
    acknowledge(0, PARTITIONS - 1);

    LifecycleCommand forwarded = acknowledge(PARTITIONS - 1);

    assertThat(forwarded).extracting(LifecycleCommand::getCommand).isEqualTo(COMMAND);
    assertThat(store.isEmpty()).as("what is forwarded is forgotten").isTrue();
  }

  @Test
  void a_command_is_forwarded_to_the_tiers_of_all_partitions() {
    acknowledgements.await(COMMAND);
    acknowledge(0, PARTITIONS - 1);

    LifecycleCommand forwarded =
        acknowledgements.take(
            new LifecycleCommand(COMMAND, List.of(PARTITIONS - 1), List.of("60d"), List.of()));

    assertThat(forwarded).extracting(LifecycleCommand::getTiers).isEqualTo(List.of("30d", "60d"));
  }

  @Test
  void commands_of_one_user_are_acknowledged_separately() {
    Erasure other = command("c2");
    acknowledgements.await(COMMAND);
    acknowledgements.await(other);
    acknowledge(0, PARTITIONS - 1);

    assertThat(acknowledgements.take(of(other, PARTITIONS - 1))).isNull();
    assertThat(acknowledge(PARTITIONS - 1)).isNotNull();
  }

  // Illegal histories: nothing is forwarded.

  @Test
  void a_partition_that_acknowledges_twice_counts_once() {
    acknowledgements.await(COMMAND);
    acknowledge(0, PARTITIONS - 1);

    acknowledge(0, PARTITIONS - 1);
  }

  @Test
  void acknowledgements_of_forwarded_commands_are_ignored() {
    acknowledgements.await(COMMAND);
    acknowledge(0, PARTITIONS - 1);
    acknowledge(PARTITIONS - 1);

    acknowledge(0, PARTITIONS);

    assertThat(store.isEmpty()).isTrue();
  }

  @Test
  void a_command_that_another_partition_forwards_is_not_awaited_here() {
    Acknowledgements elsewhere = new Acknowledgements(store, (HERE + 1) % PARTITIONS, PARTITIONS);

    elsewhere.await(COMMAND);

    assertThat(store.isEmpty()).isTrue();
  }

  @Test
  void a_command_that_is_never_acknowledged_expires_with_the_retained_command() {
    RetainedCommandStore retained =
        new RetainedCommandStore(store, Duration.ofDays(120), limit -> {});
    retained.put(COMMAND);
    acknowledgements.await(COMMAND);

    retained.expire(T + Duration.ofDays(120).toMillis() + 1, 64);

    assertThat(store.isEmpty()).isTrue();
    acknowledge(0, PARTITIONS);
  }

  /** Acknowledges as some partitions, with none of which the command may be forwarded. */
  private void acknowledge(int from, int to) {
    IntStream.range(from, to)
        .forEach(partition -> assertThat(acknowledge(partition)).as("at %d", partition).isNull());
  }

  private @Nullable LifecycleCommand acknowledge(int partition) {
    return acknowledgements.take(of(COMMAND, partition));
  }

  private static LifecycleCommand of(Erasure command, int partition) {
    return new LifecycleCommand(command, List.of(partition), List.of("30d"), List.of());
  }

  private static Erasure command(String id) {
    return Erasure.newBuilder().setId(id).setTenant("acme").setUserId("u1").setAt(T).build();
  }
}
