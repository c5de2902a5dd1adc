package io.postflight.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopicCatalogueTest {
  private final Map<String, TopicCatalogue.Spec> topics =
      TopicCatalogue.of(Topics.UNPREFIXED, List.of("30d", "15d"), TopicSizes.of(6, 1)).stream()
          .collect(Collectors.toMap(TopicCatalogue.Spec::name, Function.identity()));

  @Test
  void all_topics_exist() {
    assertThat(topics)
        .containsOnlyKeys(
            "raw.webhooks",
            "events",
            "postflight",
            "store.15d",
            "store.30d",
            "dead.letters",
            "dead.letters.redriven",
            "tenants",
            "erasures",
            "recoveries",
            "lifecycle.commands",
            "identity",
            "identity.links",
            "identity.erasures");
  }

  @Test
  void links_between_ids_are_compacted() {
    assertThat(topic("identity").config()).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void tenants_have_one_partition_and_are_compacted() {
    assertThat(topic("tenants").partitions()).isEqualTo(1);
    assertThat(topic("tenants").config()).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void the_state_of_recoveries_has_one_partition_and_is_compacted() {
    assertThat(topic("recoveries").partitions()).isEqualTo(1);
    assertThat(topic("recoveries").config()).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void the_ledger_of_erasures_is_one_partition_and_never_compacted() {
    assertThat(topic("erasures").partitions()).isEqualTo(1);
    assertThat(topic("erasures").config())
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", Long.toString(Duration.ofDays(120).toMillis()));
  }

  @Test
  void lifecycle_commands_has_as_many_partitions_as_events() {
    assertThat(topic("lifecycle.commands").partitions()).isEqualTo(topic("events").partitions());
  }

  @Test
  void a_record_is_acknowledged_by_all_replicas_but_one() {
    assertThat(topics.values())
        .allSatisfy(topic -> assertThat(topic.config()).containsEntry("min.insync.replicas", "1"));
    assertThat(TopicCatalogue.of(Topics.UNPREFIXED, List.of("30d"), TopicSizes.of(6, 3)))
        .allSatisfy(topic -> assertThat(topic.config()).containsEntry("min.insync.replicas", "2"));
  }

  @Test
  void a_restore_can_seek_tier_topics_by_the_time_of_writing() {
    assertThat(topic("store.30d").config())
        .containsEntry("message.timestamp.type", "LogAppendTime");
  }

  @Test
  void raw_webhooks_and_dead_letters_accept_four_mebibytes_and_their_headers() {
    for (String name : List.of("raw.webhooks", "dead.letters")) {
      assertThat(Integer.parseInt(topic(name).config().get("max.message.bytes")))
          .isGreaterThan(4 * 1024 * 1024);
    }
  }

  @Test
  void a_redrive_marker_is_retained_longer_than_its_dead_letter() {
    assertThat(topic("dead.letters.redriven").partitions()).isEqualTo(1);
    assertThat(retention("dead.letters.redriven"))
        .isGreaterThanOrEqualTo(retention("dead.letters") + Duration.ofDays(14).toMillis());
    assertThat(topic("dead.letters.redriven").config())
        .containsEntry("message.timestamp.type", "LogAppendTime");
  }

  @Test
  void an_invalid_count_is_named() {
    assertThatThrownBy(() -> TopicSizes.of(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("partitions\\.\\w+ = '0' is not allowed: .* from 1 to 1000");
  }

  private long retention(String name) {
    return Long.parseLong(topic(name).config().getOrDefault("retention.ms", ""));
  }

  private TopicCatalogue.Spec topic(String name) {
    return Objects.requireNonNull(topics.get(name), name);
  }
}
