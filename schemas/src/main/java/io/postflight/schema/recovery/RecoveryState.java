package io.postflight.schema.recovery;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The state according to the records of topic {@code recoveries}. Not thread-safe. */
final class RecoveryState {
  /** Prefix of the keys of announcements. */
  static final String INSTANCE = "instance/";

  private final Map<String, RecoveryPhase> phases = new HashMap<>();
  private final Map<String, Announcement> instances = new HashMap<>();

  /**
   * How far an instance has read.
   *
   * @param position the offset up to which it has read
   * @param at when it announced that, by the broker's clock, epoch milliseconds
   */
  private record Announcement(long position, long at) {}

  /**
   * Applies a record.
   *
   * @return whether it sets the phase of a tier
   */
  boolean apply(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    String value =
        record.value() == null ? null : new String(record.value(), StandardCharsets.UTF_8);
    if (key.equals(TopicFormat.KEY)) {
      return false;
    }
    if (key.startsWith(INSTANCE)) {
      announced(key.substring(INSTANCE.length()), value, record.timestamp());
      return false;
    }
    if (value == null) {
      phases.remove(key);
    } else {
      phases.put(
          key,
          value.equals(RecoveryPhase.ERASING.name())
              ? RecoveryPhase.ERASING
              : RecoveryPhase.LOADING);
    }
    return true;
  }

  private void announced(String instance, @Nullable String position, long at) {
    if (position == null || !position.matches("[0-9]{1,18}")) {
      instances.remove(instance);
    } else {
      instances.put(instance, new Announcement(Long.parseLong(position), at));
    }
  }

  /** Resets to the state before the first record. */
  void clear() {
    phases.clear();
    instances.clear();
  }

  /** The tiers that are in recovery. */
  Map<String, RecoveryPhase> phases() {
    return Map.copyOf(phases);
  }

  /** The instances with an announcement since a time that have not read a phase. */
  List<String> behind(RecoveryFeed.Written phase, long since) {
    return instances.entrySet().stream()
        .filter(each -> each.getValue().position() <= phase.offset())
        .filter(each -> each.getValue().at() >= since)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
