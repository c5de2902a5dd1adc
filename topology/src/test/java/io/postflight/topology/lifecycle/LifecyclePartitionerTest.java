package io.postflight.topology.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RecordKeys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LifecyclePartitionerTest {
  private final LifecyclePartitioner partitioner = new LifecyclePartitioner();

  @Test
  void a_users_command_goes_to_all_partitions() {
    assertThat(partitioner.partitions("t", "acme|u1", command(null, "u1"), 4))
        .contains(Set.of(0, 1, 2, 3));
  }

  @Test
  void all_acknowledgements_of_a_users_commands_go_to_one_partition() {
    LifecycleCommand command = command(null, "u1");
    int one = LifecyclePartitioner.forwardedBy(command.getCommand(), 96);

    for (int partition = 0; partition < 96; partition++) {
      assertThat(
              partitioner.partitions(
                  "t",
                  "acme|u1",
                  new LifecycleCommand(
                      command.getCommand(), List.of(partition), List.of(), List.of()),
                  96))
          .contains(Set.of(one));
    }
  }

  @Test
  void different_users_commands_are_forwarded_by_different_partitions() {
    assertThat(
            IntStream.range(0, 100)
                .map(i -> LifecyclePartitioner.forwardedBy(command(null, "u" + i).getCommand(), 8))
                .distinct()
                .count())
        .isEqualTo(8);
  }

  @Test
  void a_messages_command_is_left_to_the_producers_hash_of_its_key() {
    assertThat(partitioner.partitions("t", "acme|m1", command("m1", null), 4)).isEmpty();
  }

  @Test
  void the_key_of_a_messages_command_has_the_bytes_of_its_events_keys() {
    for (String id : List.of("m1", "wamid.HBgM=", "a|b", "ключ-🔑", " ")) {
      try (StringSerializer serializer = new StringSerializer()) {
        assertThat(serializer.serialize("t", RecordKeys.ofMessage("acme", id)))
            .isEqualTo(RecordKeys.ofEvent(event(id)).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static LifecycleCommand command(@Nullable String message, @Nullable String user) {
    return new LifecycleCommand(
        Erasure.newBuilder()
            .setId("e1")
            .setTenant("acme")
            .setMessageId(message)
            .setUserId(user)
            .setAt(1L)
            .build(),
        List.of(),
        List.of(),
        List.of());
  }

  private static MessageEvent event(String messageId) {
    return MessageEvent.newBuilder()
        .setTenant("acme")
        .setMessageId(messageId)
        .setEventId("e1")
        .setUserId("u1")
        .setType("message.sent")
        .setProvider("events")
        .setChannel("WHATSAPP")
        .setDirection(Direction.OUTBOUND)
        .setStatus(Status.SENT)
        .setEventTime(1L)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(1L)
        .build();
  }
}
