package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.TrustedRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Base of the contracts of event stores. Each test has its own tenant. */
public abstract class StoreContract {
  /** The tier of most tests. */
  public static final Tier TIER = Tier.of("30d", Duration.ofDays(30));

  static {
    TrustedRecords.trust(); // Avro copies trusted records only
  }

  private static final AtomicInteger TENANTS = new AtomicInteger();
  protected static final String USER = "593990000525";

  protected final String tenant = "tenant-" + TENANTS.incrementAndGet();

  /** The implementation under test. */
  protected abstract StoreEnvironment stores();

  protected EventStore store(Tier tier) {
    return stores().store(tier);
  }

  protected long now() {
    return stores().now();
  }

  protected void advance(Duration time) {
    stores().advance(time);
  }

  protected List<String> dump(Table table, String ofTenant) {
    return stores().dump(table, ofTenant);
  }

  /** Writes a record as the sink does: its rows by partition. */
  public static WriteResult write(EventStore store, TierRecord record) {
    Map<PartitionKey, List<Row>> partitions = new LinkedHashMap<>();
    for (Row row : Rows.of(record, store.tier())) {
      partitions.computeIfAbsent(row.partition(), key -> new ArrayList<>()).add(row);
    }
    WriteResult total = new WriteResult(0, 0);
    for (List<Row> rows : partitions.values()) {
      total = total.plus(get(store.write(rows)));
    }
    return total;
  }

  protected static List<Row> rows(TierRecord record, Table table) {
    return Rows.of(record, TIER).stream().filter(row -> row.table() == table).toList();
  }

  protected static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(failure);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  /** All items, page by page. */
  protected static List<TimelineItem> readAll(EventReader store, TimelineQuery query) {
    List<TimelineItem> items = new ArrayList<>();
    Position next = null;
    do {
      Page<TimelineItem> page = get(store.timeline(query.with(query.page().after(next))));
      assertThat(page.items().size()).isLessThanOrEqualTo(query.page().limit());
      assertThat(
              page.partial() || page.next() == null || page.items().size() == query.page().limit())
          .isTrue();
      items.addAll(page.items());
      next = page.next();
    } while (next != null);
    return items;
  }

  /** All items of a listing, page by page. */
  protected static List<ListingItem> readAll(EventReader store, ListingQuery query) {
    List<ListingItem> items = new ArrayList<>();
    Position next = null;
    do {
      Page<ListingItem> page = get(store.listing(query.with(query.page().after(next))));
      assertThat(page.next() == null || page.items().size() == query.page().limit()).isTrue();
      items.addAll(page.items());
      next = page.next();
    } while (next != null);
    return items;
  }

  protected TimelineQuery query(int limit) {
    return TimelineQuery.newest(tenant, USER, StoreSamples.ONE_SHARD, limit);
  }

  protected static List<TimelineItem> items(EventReader store, TimelineQuery query) {
    return get(store.timeline(query)).items();
  }

  /**
   * The last events of the user.
   *
   * @param type of this type; null: of all
   */
  protected List<TimelineItem> latest(@Nullable String type) {
    return get(store(TIER).latest(latestQuery(type))).events();
  }

  /** For the last events of the user. */
  protected LatestQuery latestQuery(@Nullable String type) {
    return new LatestQuery(tenant, USER, StoreSamples.ONE_SHARD, type, null);
  }

  /** Two messages with three events each, and an action. */
  protected static List<TierRecord> lifecyclesOfTwo(String tenant, long start) {
    List<TierRecord> records = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      long time = start + i;
      records.addAll(
          StoreSamples.lifecycle(
              TIER.name(),
              StoreSamples.event(tenant, USER, "m" + i, Status.SENT, time),
              StoreSamples.event(tenant, USER, "m" + i, Status.FAILED, time + 1_000),
              StoreSamples.event(tenant, USER, "m" + i, Status.DELIVERED, time + 2_000)));
    }
    records.add(StoreSamples.timeline(StoreSamples.action(tenant, "other", "viewed", start), 1));
    return records;
  }

  /** Numbers from 0. */
  protected static IntStream upTo(int count) {
    return IntStream.range(0, count);
  }
}
