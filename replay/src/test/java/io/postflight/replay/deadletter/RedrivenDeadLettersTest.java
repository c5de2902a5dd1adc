package io.postflight.replay.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class RedrivenDeadLettersTest {
  private static final Uuid TOPIC = new Uuid(7, 8);

  @Property(tries = 500)
  void a_marker_encodes_exactly_its_dead_letters(@ForAll("ids") Set<DeadLetterId> some) {
    Map<Integer, Long> from = Map.of(0, 0L, 1, 0L, 2, 0L);
    byte[] marker = new RedrivenDeadLetters(TOPIC, from).marker(some);
    RedrivenDeadLetters read = new RedrivenDeadLetters(TOPIC, from);

    read.add(marker);

    for (int partition = 0; partition < 3; partition++) {
      for (int offset = 0; offset <= 60; offset++) {
        DeadLetterId id = new DeadLetterId(partition, offset);
        assertThat(read.contains(id)).as(id.toString()).isEqualTo(some.contains(id));
      }
    }
  }

  @Test
  void runs_are_encoded_compactly() {
    RedrivenDeadLetters deadLetters = new RedrivenDeadLetters(TOPIC, Map.of());

    byte[] marker =
        deadLetters.marker(
            List.of(
                new DeadLetterId(3, 7),
                new DeadLetterId(0, 15),
                new DeadLetterId(0, 14),
                new DeadLetterId(0, 12)));

    assertThat(text(marker)).isEqualTo(TOPIC + " 0:12,14-15 3:7");
  }

  @Test
  void offsets_before_the_first_retained_one_use_no_memory() {
    long far = 5_000_000_000_000L;
    RedrivenDeadLetters deadLetters = new RedrivenDeadLetters(TOPIC, Map.of(0, far));

    deadLetters.add(bytes(TOPIC + " 0:1-17," + far));

    assertThat(deadLetters.contains(new DeadLetterId(0, far))).isTrue();
    assertThat(deadLetters.contains(new DeadLetterId(0, 17))).isFalse();
    assertThat(deadLetters.contains(new DeadLetterId(0, far + 1))).isFalse();
  }

  @Test
  void markers_of_a_recreated_topic_are_ignored() {
    RedrivenDeadLetters deadLetters = new RedrivenDeadLetters(TOPIC, Map.of(0, 0L));

    deadLetters.add(bytes(new Uuid(1, 2) + " 0:1-17"));

    assertThat(deadLetters.contains(new DeadLetterId(0, 3))).isFalse();
  }

  @Test
  void a_malformed_marker_fails() {
    RedrivenDeadLetters deadLetters = new RedrivenDeadLetters(TOPIC, Map.of(0, 0L));

    assertThatThrownBy(() -> deadLetters.add(bytes(TOPIC + " 0:1-x")))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("0:1-x");
  }

  @Provide
  Arbitrary<Set<DeadLetterId>> ids() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 2), Arbitraries.longs().between(0, 60))
        .as(DeadLetterId::new)
        .set()
        .ofMinSize(1)
        .ofMaxSize(80);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
