package io.postflight.faults;

import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.servererrors.QueryExecutionException;
import io.postflight.devstack.simulator.ExpectedMessage;
import io.postflight.devstack.simulator.ExpectedTotals;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.operations.CqlSessions;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.store.EventReader;
import io.postflight.store.ListingRow;
import io.postflight.store.Rows;
import io.postflight.store.Table;
import io.postflight.store.TimelineRow;
import io.postflight.store.cql.ClusterSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reconciles the tables with what was sent and with the tier topic. A timeline has one row per
 * distinct event: fewer means lost, more means duplicated; likewise messages and listings.
 */
final class Reconciliation {
  private static final int READS_AT_ONCE = 64;
  private static final int SHOWN = 10;

  /** The row written by database probes; not a valid tenant name. */
  private static final String CANARY = "~canary";

  private final List<String> differences = new ArrayList<>();
  private long rows;
  private long lost;
  private long doubled;

  /** Rows of all tables. */
  long rows() {
    return rows;
  }

  /** Expected rows that are missing. */
  long lost() {
    return lost;
  }

  /** Rows that are not expected. */
  long doubled() {
    return doubled;
  }

  /** The differences, human-readable. */
  List<String> differences() {
    return differences.size() <= SHOWN ? differences : differences.subList(0, SHOWN);
  }

  /**
   * Compares everything that a deployment has stored with everything that was sent to it.
   *
   * @param moreDeadLetters expected besides the simulated invalid webhooks
   */
  static Reconciliation of(FaultDeployment deployment, Simulation sent, long moreDeadLetters) {
    Reconciliation reconciliation = new Reconciliation();
    Map<String, Long> timelines = new HashMap<>();
    long messages = 0;
    long listed = 0;
    for (FaultDeployment.Place place : deployment.places()) {
      Map<Table, Set<String>> found = reconciliation.tables(place);
      reconciliation.compareWithTopic(deployment, place, found);
      for (String key : set(found, Table.TIMELINE)) {
        timelines.merge(key.substring(0, key.indexOf('|')), 1L, Long::sum);
      }
      messages += set(found, Table.MESSAGE).size();
      listed += set(found, Table.MESSAGE_BY_TIME).size();
    }
    ExpectedTotals ledger = sent.expectedTotals();
    for (var tenant : ledger.byTenant().entrySet()) {
      reconciliation.count(
          "timeline rows of " + tenant.getKey(),
          tenant.getValue().timelineEvents(),
          timelines.getOrDefault(tenant.getKey(), 0L));
    }
    reconciliation.count("messages", ledger.total().messages(), messages);
    reconciliation.count("listed messages", ledger.total().completed(), listed);
    // A crash may repeat those that were written after the last commit.
    reconciliation.count(
        "dead-lettered records",
        ledger.deadLetters() + moreDeadLetters,
        deadLettered(deployment).size());
    try (Stream<ExpectedMessage> expected = sent.expectedMessages()) {
      reconciliation.compareMessages(
          expected.toList(),
          tenant ->
              deployment.tenants().current().find(tenant).orElseThrow().getTiers().stream()
                  .map(period -> (EventReader) deployment.store(period.getTier()))
                  .toList());
    }
    return reconciliation;
  }

  private interface Readers {
    List<EventReader> of(String tenant);
  }

  private void count(String what, long expected, long found) {
    if (expected != found) {
      differences.add(what + ": expected " + expected + ", found " + found);
      lost += Math.max(0, expected - found);
      doubled += Math.max(0, found - expected);
    }
  }

  /**
   * Keys of all rows, by table, at the tier's read consistency. Retries, since a ring that has just
   * regained a node may not serve scans yet.
   */
  private Map<Table, Set<String>> tables(FaultDeployment.Place place) {
    Map<Table, Set<String>> found = new HashMap<>();
    try (CqlSession session = CqlSessions.open(place.cluster())) {
      for (Table table : List.of(Table.TIMELINE, Table.MESSAGE, Table.MESSAGE_BY_TIME)) {
        Set<String> keys =
            await()
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptionsInstanceOf(QueryExecutionException.class)
                .until(() -> keys(session, place.cluster(), table), Objects::nonNull);
        rows += keys.size();
        found.put(table, keys);
      }
    }
    return found;
  }

  private static Set<String> keys(CqlSession session, ClusterSettings cluster, Table table) {
    SimpleStatement scan =
        SimpleStatement.builder(
                "SELECT %s FROM %s.%s"
                    .formatted(columns(table), cluster.keyspace(), table.cqlName()))
            .setConsistencyLevel(DefaultConsistencyLevel.valueOf(cluster.readConsistency()))
            .setPageSize(1_000)
            .setTimeout(Duration.ofSeconds(30))
            .build();
    Set<String> keys = new HashSet<>();
    for (Row row : session.execute(scan)) {
      // A partition of the timeline without rows is returned for its pointers.
      if (!CANARY.equals(row.getString(0)) && !row.isNull(row.size() - 1)) {
        StringBuilder key = new StringBuilder(String.valueOf(row.getString(0)));
        for (int column = 1; column < row.size(); column++) {
          Object value = row.getObject(column);
          key.append('|').append(value instanceof Instant at ? at.toEpochMilli() : value);
        }
        keys.add(key.toString());
      }
    }
    return keys;
  }

  private static String columns(Table table) {
    return switch (table) {
      case TIMELINE -> "tenant, user_id, event_time, event_id";
      case MESSAGE -> "tenant, message_id";
      case MESSAGE_BY_TIME -> "tenant, listed_at, message_id";
      case IDENTITY -> "tenant, alias";
    };
  }

  /** Exactly the rows of the topic's records must exist. */
  private void compareWithTopic(
      FaultDeployment deployment, FaultDeployment.Place place, Map<Table, Set<String>> found) {
    Map<Table, Set<String>> wanted = new HashMap<>();
    Map<Table, Set<String>> tolerated = new HashMap<>();
    Set<String> deadLettered = deadLettered(deployment);
    RegistryFreeDecoder decoder = new RegistryFreeDecoder();
    for (ConsumerRecord<byte[], byte[]> record :
        deployment.kafka().read(deployment.topics().store(place.tier().name()))) {
      // Some rows of a dead-lettered record may have been written.
      boolean dead =
          deadLettered.contains(place(record.topic(), record.partition(), record.offset()));
      Map<Table, Set<String>> rowsOf = dead ? tolerated : wanted;
      try {
        Rows.of(decoder.decode(record.value()), place.tier())
            .forEach(
                row ->
                    rowsOf.computeIfAbsent(row.table(), absent -> new HashSet<>()).add(key(row)));
      } catch (RuntimeException poison) {
        if (!dead) {
          differences.add("neither stored nor a dead letter: " + record);
        }
      }
    }
    for (Table table : found.keySet()) {
      Set<String> missing = new HashSet<>(set(wanted, table));
      missing.removeAll(set(found, table));
      Set<String> surplus = new HashSet<>(set(found, table));
      surplus.removeAll(set(wanted, table));
      surplus.removeAll(set(tolerated, table));
      lost += missing.size();
      doubled += surplus.size();
      missing.forEach(key -> differences.add(table + " lacks " + key));
      surplus.forEach(key -> differences.add(table + " has " + key + ", of which no record tells"));
    }
  }

  /** Source positions of the dead letters. */
  private static Set<String> deadLettered(FaultDeployment deployment) {
    Set<String> places = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> deadLetter :
        deployment.kafka().read(deployment.topics().deadLetters())) {
      places.add(
          place(
              header(deadLetter, DeadLetterHeaders.SOURCE_TOPIC),
              Integer.parseInt(header(deadLetter, DeadLetterHeaders.SOURCE_PARTITION)),
              Long.parseLong(header(deadLetter, DeadLetterHeaders.SOURCE_OFFSET))));
    }
    return places;
  }

  private static String header(ConsumerRecord<byte[], byte[]> deadLetter, String name) {
    return new String(deadLetter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static String place(String topic, int partition, long offset) {
    return topic + '-' + partition + '@' + offset;
  }

  private static String key(io.postflight.store.Row row) {
    String tenant = row.partition().tenant() + '|';
    if (row instanceof TimelineRow timeline) {
      return tenant
          + row.partition().subject()
          + '|'
          + timeline.event().eventTime()
          + '|'
          + timeline.event().eventId();
    }
    if (row instanceof ListingRow listing) {
      return tenant + listing.key().time() + '|' + listing.revision().getMessageId();
    }
    return tenant + row.partition().subject();
  }

  private static Set<String> set(Map<Table, Set<String>> keys, Table table) {
    return keys.getOrDefault(table, Set.of());
  }

  private void compareMessages(List<ExpectedMessage> expected, Readers readers) {
    for (int from = 0; from < expected.size(); from += READS_AT_ONCE) {
      List<ExpectedMessage> some =
          expected.subList(from, Math.min(expected.size(), from + READS_AT_ONCE));
      List<List<CompletionStage<Optional<MessageRevision>>>> answers =
          some.stream()
              .map(
                  message ->
                      readers.of(message.tenant()).stream()
                          .map(reader -> reader.message(message.tenant(), message.messageId()))
                          .toList())
              .toList();
      for (int i = 0; i < some.size(); i++) {
        compare(
            some.get(i),
            answers.get(i).stream()
                .flatMap(answer -> answer.toCompletableFuture().join().stream())
                .toList());
      }
    }
  }

  private void compare(ExpectedMessage expected, List<MessageRevision> found) {
    if (found.size() != 1) {
      // Already counted as lost or duplicated.
      differences.add(expected + " is stored " + found.size() + " times");
      return;
    }
    MessageRevision message = found.get(0);
    String is =
        MessageStatus.of(message.getFacts())
            + ", complete "
            + MessageStatus.complete(message.getFacts())
            + ", of "
            + Facts.text(message.getFacts(), Facts.USER_ID);
    String must =
        expected.status() + ", complete " + expected.complete() + ", of " + expected.userId();
    if (!Objects.equals(is, must)) {
      differences.add(expected.messageId() + " is " + is + "; its life demands " + must);
    }
  }
}
