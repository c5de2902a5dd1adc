package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Contract of event stores that are a {@link RowReader} and a {@link RowScanner} as well. */
public abstract class RowReaderContract extends StoreContract {
  private static final Tier NO_EXPIRY = Tier.of("forever", null);

  private RowReader reader(Tier tier) {
    return (RowReader) store(tier);
  }

  @Test
  void a_row_of_each_table_is_read_as_it_was_written() {
    long time = now() - Duration.ofDays(10).toMillis();
    TierRecord record =
        StoreSamples.lifecycle(
                TIER.name(),
                StoreSamples.event(tenant, USER, "m", Status.SENT, time),
                StoreSamples.event(tenant, USER, "m", Status.FAILED, time + 1_000))
            .get(1);
    List<Row> rows = Rows.of(record, TIER);
    assertThat(rows)
        .extracting(Row::table)
        .containsExactlyInAnyOrder(Table.TIMELINE, Table.MESSAGE, Table.MESSAGE_BY_TIME);
    write(store(TIER), record);

    for (Row row : rows) {
      StoredCells stored = read(reader(TIER), row).orElseThrow();
      assertThat(values(stored)).as(row.describe()).isEqualTo(row.cells());
      long left = RemainingTtl.of(row.expiryAnchorMillis(), TIER.retention(), now()).seconds();
      assertThat(stored.cells().values())
          .filteredOn(cell -> cell.writeTimestampMicros() != StoredCell.UNKNOWN_WRITE)
          .hasSizeGreaterThanOrEqualTo(stored.cells().size() - 1)
          .allSatisfy(
              cell -> {
                assertThat(cell.writeTimestampMicros()).isEqualTo(row.writeTimestampMicros());
                assertThat(Objects.requireNonNull(cell.ttlSeconds()).longValue())
                    .isCloseTo(left, within(2L));
              });
    }
  }

  @Test
  void each_cell_has_its_own_write_timestamp() {
    long created = now() - 5_000;
    Row first =
        message(created, 1, Facts.of(StoreSamples.event(tenant, USER, "m", Status.SENT, created)));
    Row second = message(created, 2, Facts.unconfirmedAt(created + 1));
    get(store(TIER).write(List.of(first)));
    get(store(TIER).write(List.of(second)));

    Map<String, StoredCell> cells = read(reader(TIER), first).orElseThrow().cells();
    assertThat(cell(cells, "body").writeTimestampMicros()).isEqualTo(created * 1000 + 1);
    assertThat(cell(cells, "revision").writeTimestampMicros()).isEqualTo(created * 1000 + 2);
    assertThat(cell(cells, "revision").value()).isEqualTo(2);
  }

  @Test
  void a_row_that_was_never_written_is_empty() {
    Row there = message(now(), 1, Facts.NONE);
    assertThat(read(reader(TIER), there)).isEmpty();
    get(store(TIER).write(List.of(there)));

    assertThat(read(reader(TIER), there)).isPresent();
    PartitionKey elsewhere = new PartitionKey(Table.MESSAGE, tenant, "other", 0, 0);
    assertThat(get(reader(TIER).read(new RowKey(elsewhere, 0, "")))).isEmpty();
  }

  @Test
  void a_row_with_unlimited_retention_has_no_ttl() {
    TierRecord record =
        StoreSamples.timeline(StoreSamples.action(tenant, USER, "viewed", now()), 1);
    write(store(NO_EXPIRY), record);

    for (Row row : Rows.of(record, NO_EXPIRY)) {
      assertThat(read(reader(NO_EXPIRY), row).orElseThrow().cells().values())
          .isNotEmpty()
          .allMatch(cell -> cell.ttlSeconds() == null);
    }
  }

  @Test
  void a_redacted_field_has_no_cell() {
    long created = now() - 5_000;
    MessageFacts open = Facts.of(StoreSamples.event(tenant, USER, "m", Status.SENT, created));
    Row redacted = message(created, 2, Facts.join(open, Facts.redacted(List.of("body"))));
    get(store(TIER).write(List.of(message(created, 1, open))));
    get(store(TIER).write(List.of(redacted)));

    StoredCells stored = read(reader(TIER), redacted).orElseThrow();
    assertThat(stored.cells()).doesNotContainKey("body");
    assertThat(cell(stored.cells(), "redacted").value()).isEqualTo(List.of("body"));
  }

  @Test
  void a_row_with_the_largest_key_is_stored() {
    for (TierRecord record : oversized(0)) {
      write(store(TIER), record);

      for (Row row : Rows.of(record, TIER)) {
        assertThat(read(reader(TIER), row)).as(row.table().name()).isPresent();
      }
    }
  }

  @Test
  void writing_and_reading_a_row_with_a_larger_key_is_rejected() {
    List<String> columns = List.of("event_id", "type", "user_id", "message_id", "message_id");
    List<TierRecord> records = oversized(1);
    for (int i = 0; i < records.size(); i++) {
      Row row =
          Rows.of(records.get(i), TIER).stream()
              .filter(each -> KeyLimits.excess(each) != null)
              .findFirst()
              .orElseThrow();

      assertThatThrownBy(() -> get(store(TIER).write(List.of(row))))
          .isInstanceOfSatisfying(
              StoreException.class,
              rejected -> assertThat(rejected.kind()).isEqualTo(StoreException.Kind.INVALID))
          .hasMessageStartingWith(columns.get(i) + " has ")
          .hasMessageContaining("65536")
          .hasMessageContaining("65535")
          .hasMessageNotContaining("xxx");
    }
    RowKey key =
        new RowKey(new PartitionKey(Table.TIMELINE, tenant, USER, 0, 0), 0, "x".repeat(65_534));
    assertThatThrownBy(() -> get(reader(TIER).read(key)))
        .isInstanceOfSatisfying(
            StoreException.class,
            rejected -> assertThat(rejected.kind()).isEqualTo(StoreException.Kind.INVALID))
        .hasMessageStartingWith("event_id has 65534 bytes");
  }

  @Test
  void a_scan_returns_every_row_once_with_its_message_and_user() {
    long time = now() - 50_000;
    for (int i = 0; i < 7; i++) {
      StoreSamples.lifecycle(
              TIER.name(),
              StoreSamples.event(tenant, USER, "m" + i, Status.SENT, time + i),
              StoreSamples.event(tenant, USER, "m" + i, Status.FAILED, time + 1_000 + i))
          .forEach(record -> write(store(TIER), record));
    }

    List<RowScanner.ScannedRow> messages = scan(Table.MESSAGE);
    assertThat(messages)
        .hasSize(7)
        .allSatisfy(row -> assertThat(row.cells()).containsEntry("user_id", USER))
        .extracting(row -> row.key().partition().subject())
        .containsExactlyInAnyOrder("m0", "m1", "m2", "m3", "m4", "m5", "m6");
    assertThat(messages.get(0).cells()).containsKeys("created_at", MessageColumns.LISTINGS);
    assertThat(messages)
        .allSatisfy(
            row -> {
              long created = (Long) Objects.requireNonNull(row.cells().get("created_at"));
              assertThat(row.oldestWrite()).isEqualTo(created * 1000 + 2);
              assertThat(row.newestWrite()).isEqualTo(created * 1000 + 2);
            });
    assertThat(scan(Table.MESSAGE_BY_TIME))
        .hasSize(7)
        .allSatisfy(row -> assertThat(row.cells()).containsEntry("error_code", "131047"));
    assertThat(scan(Table.TIMELINE))
        .hasSize(14)
        .allSatisfy(row -> assertThat(row.key().partition().subject()).isEqualTo(USER))
        .allSatisfy(row -> assertThat(row.newestWrite()).isEqualTo(row.key().time() * 1000));
  }

  private List<RowScanner.ScannedRow> scan(Table table) {
    RowScanner scanner = (RowScanner) reader(TIER);
    List<RowScanner.ScannedRow> found = new ArrayList<>();
    for (int slice = 0; slice < 5; slice++) {
      ByteBuffer after = null;
      do {
        RowScanner.ScanPage page = get(scanner.scan(table, slice, 5, after, 3));
        assertThat(page.rows()).hasSizeLessThanOrEqualTo(3);
        found.addAll(page.rows());
        after = page.next();
      } while (after != null);
    }
    return found.stream().filter(row -> row.key().partition().tenant().equals(tenant)).toList();
  }

  /** Records of which one key each exceeds the limit by a number of bytes. */
  private List<TierRecord> oversized(int more) {
    long time = now() - 5_000;
    // Framing takes three bytes per column of a partition key, and two per clustering column.
    String eventId = "x".repeat(65_535 - 2 - 10 + more);
    String type = "x".repeat(65_535 - 2 + more);
    String user = "x".repeat(65_535 - 12 - 10 - tenant.length() + more);
    String messageId = "x".repeat(65_535 - 6 - tenant.length() + more);
    return List.of(
        StoreSamples.timeline(
            StoreSamples.actionBuilder(tenant, USER, "viewed", time).setEventId(eventId).build(),
            1),
        StoreSamples.timeline(
            StoreSamples.actionBuilder(tenant, USER, "viewed", time).setType(type).build(), 1),
        StoreSamples.timeline(StoreSamples.action(tenant, user, "viewed", time), 1),
        StoreSamples.message(StoreSamples.delivered(tenant, TIER.name(), messageId, USER, time, 1)),
        StoreSamples.timeline(
            StoreSamples.builder(tenant, USER, messageId, Status.SENT, time)
                .setEventId("e")
                .build(),
            1));
  }

  @Test
  void revisions_written_together_leave_what_they_leave_one_by_one() {
    for (int seed = 0; seed < 40; seed++) {
      String together = "together-" + seed;
      String apart = "apart-" + seed;
      write(store(TIER), revisions(together, seed), true);
      write(store(TIER), revisions(apart, seed), false);
      for (Table table : List.of(Table.MESSAGE, Table.MESSAGE_BY_TIME)) {
        assertThat(contents(together, seed, table))
            .as("seed %d, %s", seed, table)
            .isEqualTo(contents(apart, seed, table));
      }
    }
  }

  /** Revisions of one or two lifecycles in some order, each with some of the facts. */
  private List<MessageRevision> revisions(String messageId, int seed) {
    Random random = new Random(seed);
    List<MessageRevision> revisions = new ArrayList<>();
    for (int life = 0; life < 1 + seed % 2; life++) {
      long created = start() + life * 60_000L;
      Long listed = random.nextBoolean() ? Long.valueOf(created + 500) : null;
      MessageFacts facts = Facts.NONE;
      for (int revision = 1; revision <= 3; revision++) {
        MessageFacts learnt = facts(messageId, random, created + revision);
        facts = random.nextInt(4) == 0 ? learnt : Facts.join(facts, learnt);
        revisions.add(
            new MessageRevision(
                tenant, messageId, TIER.name(), created, listed, revision, 1, facts));
      }
    }
    Collections.shuffle(revisions, random);
    return revisions;
  }

  private MessageFacts facts(String messageId, Random random, long time) {
    return switch (random.nextInt(4)) {
      case 0 -> Facts.redacted(List.of("body", "attributes.origin"));
      case 1 -> Facts.unconfirmedAt(time);
      default ->
          Facts.of(
              StoreSamples.event(
                  tenant,
                  USER,
                  messageId,
                  List.of(Status.SENT, Status.DELIVERED, Status.FAILED).get(random.nextInt(3)),
                  time));
    };
  }

  private long start() {
    return now() / 86_400_000 * 86_400_000 - Duration.ofDays(2).toMillis();
  }

  private static void write(EventStore store, List<MessageRevision> revisions, boolean together) {
    Map<PartitionKey, List<Row>> partitions = new LinkedHashMap<>();
    for (MessageRevision revision : revisions) {
      for (Row row : Rows.of(StoreSamples.message(revision), TIER)) {
        partitions.computeIfAbsent(row.partition(), key -> new ArrayList<>()).add(row);
      }
    }
    for (List<Row> rows : partitions.values()) {
      if (together) {
        assertThat(get(store.write(rows)).written()).isEqualTo(rows.size());
      } else {
        rows.forEach(row -> get(store.write(List.of(row))));
      }
    }
  }

  /** Values and write timestamps of all rows of a message in a table, without its id. */
  private List<String> contents(String messageId, int seed, Table table) {
    return revisions(messageId, seed).stream()
        .flatMap(revision -> Rows.of(StoreSamples.message(revision), TIER).stream())
        .filter(row -> row.table() == table)
        .map(Row::key)
        .distinct()
        .sorted(Comparator.comparing(RowKey::time))
        .map(key -> get(reader(TIER).read(key)).map(RowReaderContract::written).orElse("none"))
        .map(written -> written.replace(messageId, "m"))
        .toList();
  }

  private static String written(StoredCells stored) {
    return new TreeMap<>(stored.cells())
        .entrySet().stream()
            .map(
                cell ->
                    cell.getKey()
                        + '='
                        + cell.getValue().value()
                        + '@'
                        + cell.getValue().writeTimestampMicros())
            .toList()
            .toString();
  }

  private Row message(long created, int revision, MessageFacts facts) {
    TierRecord record =
        StoreSamples.message(
            new MessageRevision(tenant, "m", TIER.name(), created, null, revision, 1, facts));
    return Rows.of(record, TIER).get(0);
  }

  private static StoredCell cell(Map<String, StoredCell> cells, String column) {
    return Objects.requireNonNull(cells.get(column), column);
  }

  private static Map<String, @Nullable Object> values(StoredCells stored) {
    Map<String, @Nullable Object> values = new HashMap<>();
    stored.cells().forEach((column, cell) -> values.put(column, cell.value()));
    return values;
  }

  protected static Optional<StoredCells> read(RowReader reader, Row row) {
    return get(reader.read(row));
  }
}
