package io.postflight.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

/** Commands on a real broker reach every partition that may have their subject. */
class CommandsReachEveryLifecycleTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MESSAGES = 30;
  private static final int PARTITIONS = 8;

  @Test
  void a_users_command_reaches_every_partition_and_the_tier_once() throws Exception {
    try (RealPipeline pipeline = new RealPipeline("commands", "mock://commands", PARTITIONS)) {
      TopologySettings settings = pipeline.settings(LifecycleRules.DEFAULT, pipeline.stateDir);
      long at;
      try (TopologyRole role = pipeline.start(settings)) {
        for (int i = 0; i < MESSAGES; i++) {
          pipeline.status("m" + i, "u" + i % 3, "SENT");
        }
        pipeline.flush();
        await().atMost(SOON).until(() -> pipeline.tier().size() >= MESSAGES);

        byte[] poison = {9, 9, 9};
        pipeline.send(pipeline.topics.erasures(), RealPipeline.bytes("e0"), poison);
        pipeline.send(pipeline.topics.lifecycleCommands(), RealPipeline.bytes("acme|m1"), poison);
        at = System.currentTimeMillis();
        for (int i = 0; i < MESSAGES; i++) {
          erase(pipeline, TestCommands.redact("m" + i, at, "body"));
        }
        erase(pipeline, TestCommands.user("u1", at));
        await()
            .atMost(SOON)
            .untilAsserted(
                () -> {
                  assertThat(erasedIn(pipeline)).isEqualTo(messagesOf(1));
                  assertThat(usersErasedIn(pipeline)).containsExactly("u1");
                });
        assertThat(role.healthy()).isTrue();
      }

      List<ConsumerRecord<byte[], byte[]>> commands =
          pipeline.read(pipeline.topics.lifecycleCommands());
      assertThat(commands).as("with acknowledgements").hasSize(MESSAGES + 2 * PARTITIONS + 1);
      assertThat(pipeline.read(pipeline.topics.deadLetters()))
          .as("unreadable commands block nothing")
          .extracting(ConsumerRecord::value)
          .containsExactly(new byte[][] {{9, 9, 9}, {9, 9, 9}});
      assertThat(commands)
          .filteredOn(record -> text(record.key()).equals("acme|u1"))
          .extracting(ConsumerRecord::partition)
          .containsAll(IntStream.range(0, PARTITIONS).boxed().toList());
      assertThat(partitions(commands, "acme|m"))
          .isEqualTo(partitions(pipeline.read(pipeline.topics.events()), "acme|m"));

      // While no instance runs, another command and late events arrive.
      erase(pipeline, TestCommands.user("u2", at + 1));
      long before = written(pipeline);
      for (int i : messagesOf(1)) {
        pipeline.status("m" + i, "u1", "DELIVERED");
      }
      pipeline.status("m0", "u0", "DELIVERED");
      pipeline.flush();
      try (TopologyRole role = pipeline.start(settings)) {
        await()
            .atMost(SOON)
            .untilAsserted(
                () -> {
                  Set<Integer> gone = messagesOf(1);
                  gone.addAll(messagesOf(2));
                  assertThat(erasedIn(pipeline)).isEqualTo(gone);
                  assertThat(usersErasedIn(pipeline)).containsExactly("u1", "u2");
                  assertThat(written(pipeline)).isEqualTo(before + 1);
                });
        assertThat(role.healthy()).isTrue();
      }
      lastOfEachUserIs(pipeline, Map.of("acme|u1", true, "acme|u2", true, "acme|u0", false));
    }
  }

  private static void erase(RealPipeline pipeline, Erasure command) {
    try (Serializer<Erasure> serializer = pipeline.serdes.value(Erasure.class).serializer()) {
      String ledger = pipeline.topics.erasures();
      pipeline.send(
          ledger, RealPipeline.bytes(command.getId()), serializer.serialize(ledger, command));
    }
  }

  /** Numbers of the messages whose erasure was sent to the tier. */
  private static Set<Integer> erasedIn(RealPipeline pipeline) {
    return pipeline.tier().stream()
        .map(TierRecord::getCommand)
        .filter(Objects::nonNull)
        .filter(command -> command.getMessageId() != null && command.getFields().isEmpty())
        .map(command -> Integer.parseInt(command.getMessageId().substring(1)))
        .collect(Collectors.toSet());
  }

  /** Users whose erasure was sent to the tier, with duplicates. */
  private static List<String> usersErasedIn(RealPipeline pipeline) {
    return pipeline.tier().stream()
        .map(TierRecord::getCommand)
        .filter(Objects::nonNull)
        .map(Erasure::getUserId)
        .filter(Objects::nonNull)
        .sorted()
        .toList();
  }

  private static Set<Integer> messagesOf(int user) {
    return IntStream.range(0, MESSAGES)
        .filter(i -> i % 3 == user)
        .boxed()
        .collect(Collectors.toSet());
  }

  private static long written(RealPipeline pipeline) {
    return pipeline.tier().stream().filter(record -> record.getCommand() == null).count();
  }

  private static void lastOfEachUserIs(RealPipeline pipeline, Map<String, Boolean> command) {
    var deserializer = pipeline.serdes.value(TierRecord.class).deserializer();
    Map<String, Boolean> last = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : pipeline.read(pipeline.topics.store("30d"))) {
      TierRecord value = deserializer.deserialize(record.topic(), record.value());
      if (command.containsKey(text(record.key()))) {
        last.put(text(record.key()), value.getCommand() != null);
      }
    }
    assertThat(last).isEqualTo(command);
  }

  /** The partition of each key; -1 for a key in two partitions. */
  private static Map<String, Integer> partitions(
      List<ConsumerRecord<byte[], byte[]>> records, String prefix) {
    return records.stream()
        .filter(record -> text(record.key()).startsWith(prefix))
        .collect(
            Collectors.toMap(
                record -> text(record.key()),
                ConsumerRecord::partition,
                (one, other) -> one.equals(other) ? one : -1));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
