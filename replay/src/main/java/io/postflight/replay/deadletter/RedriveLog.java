package io.postflight.replay.deadletter;

import io.postflight.schema.topic.MissingTopicException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Reads the redrive markers. */
final class RedriveLog {
  private RedriveLog() {}

  /**
   * Reads all markers.
   *
   * @param firstOffsets first offset of each partition of {@code dead.letters}
   * @throws MissingTopicException if either topic does not exist
   */
  static RedrivenDeadLetters read(DeadLetterContext context, Map<Integer, Long> firstOffsets)
      throws InterruptedException {
    RedrivenDeadLetters done = new RedrivenDeadLetters(topicId(context), firstOffsets);
    try (TopicScan notes =
        TopicScan.open(
            context.kafka(),
            context.topics().redrivenDeadLetters(),
            0,
            Long.MAX_VALUE,
            context.timeout())) {
      ConsumerRecord<byte[], byte[]> note;
      while ((note = notes.next()) != null) {
        if (note.value() != null) {
          done.add(note.value());
        }
      }
    }
    return done;
  }

  private static Uuid topicId(DeadLetterContext context) throws InterruptedException {
    String topic = context.topics().deadLetters();
    try (Admin admin = Admin.create(Map.copyOf(context.kafka()))) {
      TopicDescription description =
          admin
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get(context.timeout().toMillis(), TimeUnit.MILLISECONDS)
              .get(topic);
      if (description == null) {
        throw new MissingTopicException(topic);
      }
      return description.topicId();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new MissingTopicException(topic);
      }
      throw new KafkaException("topic '" + topic + "' cannot be described", e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException("topic '" + topic + "' cannot be described in time", e);
    }
  }
}
