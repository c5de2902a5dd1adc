package io.postflight.replay.deadletter;

import io.postflight.schema.topic.MissingTopicException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Maximum age of an event that is sent to {@code events}, whose record timestamp is the event's
 * arrival. A record older than the topic's retention could be deleted before the lifecycle reads
 * it; a record that the broker rejects for its age would stop the topology.
 *
 * @param topic the topic
 * @param millis maximum age; negative: unlimited
 */
public record EventsAgeLimit(String topic, long millis) {
  private static final long MOST_MARGIN = Duration.ofHours(1).toMillis();
  private static final int PARTS = 10;

  /**
   * Reads the limit from the topic's configuration.
   *
   * @throws MissingTopicException if the topic does not exist
   */
  public static EventsAgeLimit of(Admin admin, String topic, Duration timeout)
      throws InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      Map<ConfigResource, Config> found =
          admin
              .describeConfigs(List.of(resource))
              .all()
              .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      Config config = found.get(resource);
      long retention = value(config, TopicConfig.RETENTION_MS_CONFIG);
      long accepted = value(config, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG);
      return new EventsAgeLimit(topic, retention < 0 ? accepted : Math.min(retention, accepted));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new MissingTopicException(topic);
      }
      throw new KafkaException("settings of topic '" + topic + "' cannot be read", e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException("settings of topic '" + topic + "' cannot be read in time", e);
    }
  }

  private static long value(@Nullable Config config, String name) {
    ConfigEntry entry = config == null ? null : config.get(name);
    String text = entry == null ? null : entry.value();
    return text != null && text.matches("[0-9]{1,19}") ? Long.parseLong(text) : Long.MAX_VALUE;
  }

  /**
   * Describes why an event is too old.
   *
   * @return null if it is not
   */
  public @Nullable String tooOld(long receivedAt, long now) {
    long margin = Math.min(MOST_MARGIN, millis / PARTS);
    if (millis < 0 || millis == Long.MAX_VALUE || now - receivedAt <= millis - margin) {
      return null;
    }
    return "it arrived "
        + Duration.ofMillis(now - receivedAt).toHours()
        + " h ago, and '"
        + topic
        + "' retains or accepts nothing older than "
        + Duration.ofMillis(millis).toHours()
        + " h: raise the topic's retention first";
  }
}
