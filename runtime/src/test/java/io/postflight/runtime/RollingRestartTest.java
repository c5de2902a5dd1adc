package io.postflight.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.admin.TenantChanges;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.message.MessageRevision;
import io.postflight.settings.DeploymentSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guarantee: instances that are restarted one after the other neither lose nor duplicate rows. */
class RollingRestartTest {
  private static final int MESSAGES = 600;
  private static final int AT_ONCE = 20;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final TestDeployment deployment = TestDeployment.of("rolling");
  private final List<RunningRoles> running = new ArrayList<>();
  private final AtomicInteger sent = new AtomicInteger();
  private TenantFeed tenants;

  @BeforeEach
  void make() {
    deployment.created();
    DeploymentSettings settings = deployment.settings();
    tenants =
        TenantFeed.start(
            settings.kafka().clientProperties(),
            settings.kafka().topics().tenants(),
            TenantRules.withTiers(settings.tierNames()),
            deployment.serdes());
  }

  @AfterEach
  void stop() {
    running.forEach(RunningRoles::close);
    tenants.close();
  }

  @Test
  void a_rolling_restart_neither_loses_nor_duplicates_rows() throws Exception {
    String key = addTenant();
    RunningRoles api = start("api", new RoleSelection(false, Set.of(), true));
    DeploymentClient client = new DeploymentClient("http://127.0.0.1:" + api.httpPort());
    Awaitility.await()
        .atMost(TIMEOUT)
        .until(() -> client.get("/v1/messages/none", key).status() == 404);
    RoleSelection work = new RoleSelection(true, Set.of("30d"), false);
    RunningRoles first = start("a", work);
    RunningRoles second = start("b", work);
    CompletableFuture<Void> feeding =
        CompletableFuture.runAsync(() -> feed(new EventFeed(client, "acme", key)));

    awaitSent(MESSAGES / 2);
    restart(first, "a", work);
    awaitSent(MESSAGES * 3 / 2);
    restart(second, "b", work);
    feeding.join();

    try (CqlSession session = CqlSessions.open(deployment.settings().tiers().get(0).cluster())) {
      Awaitility.await()
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() -> assertThat(rows(session, "timeline")).isEqualTo(3L * MESSAGES));
      assertThat(rows(session, "message")).isEqualTo(MESSAGES);
      assertThat(rows(session, "message_by_time")).isEqualTo(MESSAGES);
      // The canary that sinks probe with is a row of this table too, of no tenant.
      assertThat(
              session
                  .execute("SELECT tenant, message_id, times FROM " + keyspace() + ".message")
                  .all())
          .filteredOn(row -> "acme".equals(row.getString("tenant")))
          .hasSize(MESSAGES)
          .allSatisfy(row -> assertThat(times(row).keySet()).containsAll(EventFeed.STATUSES));
    }
    revisionsAreThereOnce();
  }

  private String addTenant() {
    ApiKeys.Created key = ApiKeys.create(new SecureRandom(), ApiKeys.SCOPES, 0);
    DeploymentSettings settings = deployment.settings();
    try (TenantAdmin admin =
        TenantAdmin.open(settings.operations(), TenantRules.withTiers(settings.tierNames()))) {
      admin.put(TenantChanges.withKey(TenantChanges.created("acme", "30d"), key.kept()));
    }
    return key.key();
  }

  /** SENT of some, DELIVERED of these, READ of these, then the next. */
  private void feed(EventFeed feed) {
    for (int from = 0; from < MESSAGES; from += AT_ONCE) {
      for (String status : EventFeed.STATUSES) {
        feed.send(from, from + AT_ONCE, status);
        sent.addAndGet(AT_ONCE);
      }
    }
  }

  private void awaitSent(int events) {
    Awaitility.await().atMost(TIMEOUT).until(() -> sent.get() >= events);
  }

  private void restart(RunningRoles roles, String name, RoleSelection selection) throws Exception {
    long begun = System.nanoTime();
    running.remove(roles);
    roles.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    start(name, selection);
  }

  private RunningRoles start(String name, RoleSelection selection) throws Exception {
    String state = deployment.directory().resolve("state-" + name).toString();
    RunningRoles roles =
        RunningRoles.start(
            new RoleContext(
                deployment.settings("topology.stateDir=" + state, "sink.stateDir=" + state + "-s"),
                deployment.serdes(),
                tenants,
                RoleContext.metersOfJvm(),
                Clock.systemUTC()),
            selection);
    running.add(roles);
    Awaitility.await().atMost(TIMEOUT).until(() -> roles.waitingFor().isEmpty());
    return roles;
  }

  /** The topic for consumers: each revision once, in order, and the last one with all statuses. */
  private void revisionsAreThereOnce() {
    DeploymentSettings settings = deployment.settings();
    Map<String, Object> config = new HashMap<>(settings.kafka().clientProperties());
    config.put("isolation.level", "read_committed");
    Map<String, List<Integer>> revisions = new HashMap<>();
    try (KafkaConsumer<String, MessageRevision> consumer =
        new KafkaConsumer<>(
            config,
            new StringDeserializer(),
            deployment.serdes().value(MessageRevision.class).deserializer())) {
      String topic = settings.kafka().topics().postflight();
      List<TopicPartition> partitions =
          List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, MessageRevision> each : consumer.poll(Duration.ofSeconds(1))) {
          revisions
              .computeIfAbsent(each.key(), id -> new ArrayList<>())
              .add(each.value().getRevision());
        }
      }
    }
    assertThat(revisions).hasSize(MESSAGES);
    assertThat(revisions.values())
        .allSatisfy(each -> assertThat(each).isSorted().doesNotHaveDuplicates());
  }

  private long rows(CqlSession session, String table) {
    String tenants = "SELECT tenant FROM " + keyspace() + "." + table;
    return session.execute(tenants).all().stream()
        .filter(row -> "acme".equals(row.getString(0)))
        .count();
  }

  private String keyspace() {
    return deployment.settings().tiers().get(0).cluster().keyspace();
  }

  private static Map<String, Instant> times(Row row) {
    Map<String, Instant> times = row.getMap("times", String.class, Instant.class);
    return times == null ? Map.of() : times;
  }
}
