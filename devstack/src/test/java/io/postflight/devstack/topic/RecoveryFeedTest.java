package io.postflight.devstack.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.devstack.junit.OpenClients;
import io.postflight.schema.recovery.RecoveryFeed;
import io.postflight.schema.recovery.RecoveryPhase;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** The recovery feed over a topic with the wrong number of partitions. */
class RecoveryFeedTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final TestTopic topic = TestTopic.named("recoveries");

  @Test
  void phases_of_a_topic_with_two_partitions_are_refused_not_read_in_part() throws Exception {
    topic.create(2);
    RecoveryFeed.Written loading =
        RecoveryFeed.write(topic.client(), topic.name(), "30d", RecoveryPhase.LOADING);

    assertThatThrownBy(() -> RecoveryFeed.read(topic.client(), topic.name()))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("2 partitions");
    assertThatThrownBy(() -> RecoveryFeed.notAcknowledged(topic.client(), topic.name(), loading))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("2 partitions");
  }

  @Test
  void a_feed_that_cannot_start_leaves_no_producer_open() {
    Map<String, Object> client = OpenClients.counted(topic.client(), topic.name());
    client.put("fetch.min.bytes", "refused by consumers only");

    assertThatThrownBy(() -> RecoveryFeed.announcing(client, topic.name(), "instance"))
        .isInstanceOf(KafkaException.class);

    assertThat(OpenClients.created(topic.name())).isPositive();
    assertThat(OpenClients.open(topic.name())).isZero();
  }

  @Test
  void a_feed_over_two_partitions_never_reports_that_it_is_loaded() throws Exception {
    topic.create(2);
    try (RecoveryFeed feed = RecoveryFeed.start(topic.client(), topic.name())) {
      assertThat(feed.current("30d"))
          .failsWithin(SOON)
          .withThrowableThat()
          .withMessageContaining("2 partitions");
      assertThat(feed.loaded()).isFalse();
      assertThat(feed.known("30d")).isEmpty();
    }
  }
}
