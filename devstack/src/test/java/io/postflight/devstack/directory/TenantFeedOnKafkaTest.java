package io.postflight.devstack.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.directory.TenantWriter;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/** The tenants' writer and feed on a real broker and a registry. */
class TenantFeedOnKafkaTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final String topic = SharedServers.uniqueName("tenants");
  private final Map<String, Object> kafka =
      Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers());
  private final AvroSerdes serdes =
      AvroSerdes.of(Map.of("schema.registry.url", SharedServers.registry().url()));
  private final TenantRules rules = TenantRules.withTiers(Set.of("30d"));

  @Test
  void a_written_tenant_is_seen_at_the_version_that_the_writer_gave() throws Exception {
    createTopic(1);
    try (TenantWriter writer = TenantWriter.open(kafka, topic, rules, serdes)) {
      long first = writer.put(tenant("acme"));
      try (TenantFeed feed = TenantFeed.start(kafka, topic, rules, serdes)) {
        assertThat(feed.current().version()).isEqualTo(first);
        assertThat(feed.current().find("acme")).contains(tenant("acme"));

        long second = writer.put(tenant("globex"));
        assertThat(feed.awaitVersion(second, SOON)).isTrue();
        assertThat(feed.current().size()).isEqualTo(2);

        long third = writer.remove("acme");
        assertThat(feed.awaitVersion(third, SOON)).isTrue();
        assertThat(feed.current().find("acme")).isEmpty();
      }
    }
  }

  @Test
  void a_missing_topic_is_awaited() throws Exception {
    CompletableFuture<TenantFeed> starting =
        CompletableFuture.supplyAsync(() -> TenantFeed.start(kafka, topic, rules, serdes));
    assertThat(starting).isNotDone();

    createTopic(1);

    assertThat(starting).succeedsWithin(SOON);
    starting.get().close();
  }

  @Test
  void a_tenant_against_the_rules_is_not_written() throws Exception {
    createTopic(1);
    try (TenantWriter writer = TenantWriter.open(kafka, topic, rules, serdes)) {
      assertThatThrownBy(() -> writer.put(tenant("ACME")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'ACME'");
    }
    try (TenantFeed feed = TenantFeed.start(kafka, topic, rules, serdes)) {
      assertThat(feed.current().version()).isZero();
    }
  }

  private void createTopic(int partitions) throws Exception {
    try (Admin admin = Admin.create(kafka)) {
      NewTopic tenants = new NewTopic(topic, partitions, (short) 1);
      admin.createTopics(List.of(tenants.configs(Map.of("cleanup.policy", "compact")))).all().get();
    }
  }

  private static Tenant tenant(String id) {
    return new Tenant(
        id,
        List.of(new TierPeriod("30d", 0L)),
        List.of(new ShardVersion(1, 0L)),
        List.of(new ShardVersion(1, 0L)),
        List.of(),
        Map.of());
  }
}
