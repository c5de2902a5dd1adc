package io.postflight.replay.deadletter;

import io.postflight.schema.topic.MissingTopicException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The redriven dead letters: one bit per retained dead letter.
 *
 * <p>A marker of {@code dead.letters.redriven} is text: the id of the topic {@code dead.letters}
 * (markers of a deleted and recreated topic are ignored), then per partition the offsets, runs as
 * {@code from-to}: {@code <topic id> 0:12,14-20 3:7}.
 */
public final class RedrivenDeadLetters {
  private static final Pattern RUN = Pattern.compile("([0-9]{1,18})(?:-([0-9]{1,18}))?");

  private final String topicId;
  private final Map<Integer, Long> firstOffsets;
  private final Map<Integer, BitSet> done = new HashMap<>();

  /**
   * @param topicId of {@code dead.letters}
   * @param firstOffsets first retained offset of each partition; earlier ones are dropped
   */
  RedrivenDeadLetters(Uuid topicId, Map<Integer, Long> firstOffsets) {
    this.topicId = topicId.toString();
    this.firstOffsets = Map.copyOf(firstOffsets);
  }

  /**
   * Reads all markers.
   *
   * @param firstOffsets first offset of each partition of {@code dead.letters}
   * @throws MissingTopicException if either topic does not exist
   */
  static RedrivenDeadLetters read(DeadLetterContext context, Map<Integer, Long> firstOffsets)
      throws InterruptedException {
    RedrivenDeadLetters done = new RedrivenDeadLetters(topicId(context), firstOffsets);
    try (TopicScan markers =
        TopicScan.open(
            context.kafka(),
            context.topics().redrivenDeadLetters(),
            0,
            Long.MAX_VALUE,
            context.timeout())) {
      ConsumerRecord<byte[], byte[]> marker;
      while ((marker = markers.next()) != null) {
        if (marker.value() != null) {
          done.add(marker.value());
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

  /** Whether a dead letter has been redriven. */
  public boolean contains(DeadLetterId id) {
    long first = firstOffsets.getOrDefault(id.partition(), 0L);
    BitSet bits = done.get(id.partition());
    return bits != null && id.offset() >= first && bits.get(Math.toIntExact(id.offset() - first));
  }

  /** Adds dead letters. */
  void add(Collection<DeadLetterId> deadLetters) {
    deadLetters.forEach(id -> add(id.partition(), id.offset(), id.offset()));
  }

  /**
   * Adds a marker.
   *
   * @throws KafkaException if it is malformed: its dead letters would be redriven twice
   */
  void add(byte[] marker) {
    String text = new String(marker, StandardCharsets.UTF_8);
    String[] words = text.split(" ", -1);
    if (!words[0].equals(topicId)) {
      return;
    }
    for (int i = 1; i < words.length; i++) {
      int colon = words[i].indexOf(':');
      if (colon < 1 || !words[i].substring(0, colon).matches("[0-9]{1,6}")) {
        throw unreadable(text);
      }
      int partition = Integer.parseInt(words[i].substring(0, colon));
      for (String part : words[i].substring(colon + 1).split(",", -1)) {
        Matcher run = RUN.matcher(part);
        if (!run.matches()) {
          throw unreadable(text);
        }
        long from = Long.parseLong(run.group(1));
        add(partition, from, run.group(2) == null ? from : Long.parseLong(run.group(2)));
      }
    }
  }

  private void add(int partition, long from, long to) {
    Long first = firstOffsets.get(partition);
    if (first != null && to >= first && to >= from) {
      done.computeIfAbsent(partition, each -> new BitSet())
          .set(Math.toIntExact(Math.max(from, first) - first), Math.toIntExact(to - first) + 1);
    }
  }

  /** Encodes a marker. */
  byte[] marker(Collection<DeadLetterId> deadLetters) {
    Map<Integer, TreeSet<Long>> offsets = new TreeMap<>();
    for (DeadLetterId id : deadLetters) {
      offsets.computeIfAbsent(id.partition(), each -> new TreeSet<>()).add(id.offset());
    }
    StringBuilder text = new StringBuilder(topicId);
    offsets.forEach(
        (partition, sorted) -> {
          text.append(' ').append(partition);
          char between = ':';
          long from = -1;
          long to = -1;
          for (long offset : sorted) {
            if (from >= 0 && offset == to + 1) {
              to = offset;
              continue;
            }
            if (from >= 0) {
              between = run(text, between, from, to);
            }
            from = offset;
            to = offset;
          }
          run(text, between, from, to);
        });
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static char run(StringBuilder text, char between, long from, long to) {
    text.append(between).append(from);
    if (to > from) {
      text.append('-').append(to);
    }
    return ',';
  }

  private static KafkaException unreadable(String marker) {
    return new KafkaException(
        "malformed redrive marker: '" + marker.substring(0, Math.min(marker.length(), 100)) + "'");
  }
}
