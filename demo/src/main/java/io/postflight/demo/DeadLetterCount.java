package io.postflight.demo;

import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.TopicLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;

/** Counts dead letters by reason. */
final class DeadLetterCount {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private DeadLetterCount() {}

  static Map<String, Long> byReason(Map<String, String> kafka, String topic) {
    Map<String, Long> counts = new TreeMap<>();
    try (TopicLog log = TopicLog.open(kafka, TIMEOUT)) {
      log.seek(log.ranges(log.partitions(topic), 0, Long.MAX_VALUE));
      log.readToEnd(
          record -> {
            Header reason = record.headers().lastHeader(DeadLetterHeaders.REASON);
            counts.merge(
                reason == null ? "(none)" : new String(reason.value(), StandardCharsets.UTF_8),
                1L,
                Long::sum);
          });
    }
    return counts;
  }
}
