package io.postflight.topology.simulation;

import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.life.Facts;
import io.postflight.schema.life.MessageStatus;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import io.postflight.store.memory.InMemoryEventStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a store has to end with, worked out from the events alone and without the fold.
 * Some things are fixed by the order of processing and so are free within bounds: when a message
 * was born and listed, its revision, and which arrival of an event without a time of its own
 * counts.
 */
public final class ExpectedRows {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final List<String> PRECEDENCE =
      List.of("PLAYED", "READ", "DELIVERED", "RECEIVED", "FAILED", "CANCELED", "EXPIRED");

  private static final class Message {
    private final Map<String, TreeSet<Long>> given = new HashMap<>();
    private final Map<String, TreeSet<Long>> arrivals = new HashMap<>();
    private final Map<String, MessageEvent> events = new HashMap<>();
    private @Nullable String user;

    private void add(MessageEvent event) {
      boolean own = event.getEventTimeSource() == EventTimeSource.PROVIDER;
      (own ? given : arrivals)
          .computeIfAbsent(event.getStatus().name(), absent -> new TreeSet<>())
          .add(event.getEventTime());
      events.put(event.getEventId(), event);
      if (event.getUserId() != null) {
        user = event.getUserId();
      }
    }
  }

  private final Map<String, Message> messages = new TreeMap<>();
  private final Map<String, Set<String>> timelines = new TreeMap<>();
  private final Map<String, TreeSet<Long>> arrivals = new HashMap<>();

  /** What has to come of a script. */
  public ExpectedRows(LifeScript script) {
    for (LifeScript.Webhook webhook : script.webhooks()) {
      webhook.events().forEach(this::add);
    }
    for (Message message : messages.values()) {
      if (message.user != null) {
        Set<String> timeline = timelines.computeIfAbsent(message.user, absent -> new TreeSet<>());
        timeline.addAll(message.events.keySet());
      }
    }
  }

  private void add(MessageEvent event) {
    if (event.getEventTimeSource() != EventTimeSource.PROVIDER) {
      arrivals
          .computeIfAbsent(event.getEventId(), absent -> new TreeSet<>())
          .add(event.getEventTime());
    }
    String id = event.getMessageId();
    if (id != null) {
      messages.computeIfAbsent(id, absent -> new Message()).add(event);
    } else if (event.getStatus() == Status.ACTION && event.getUserId() != null) {
      timelines
          .computeIfAbsent(event.getUserId(), absent -> new TreeSet<>())
          .add(event.getEventId());
    }
  }

  /**
   * Writes the records of a tier's topic, in an order of their own and some of them again, and says
   * what is not as it has to be; empty if all is.
   */
  public List<String> compare(List<TierRecord> records, long seed) {
    InMemoryEventStore store =
        new InMemoryEventStore(TIER, InstantSource.fixed(Instant.ofEpochMilli(LifeScript.END)));
    SplittableRandom random = new SplittableRandom(seed);
    List<Row> rows = new ArrayList<>();
    for (TierRecord record : records) {
      for (Row row : Rows.of(record, TIER)) {
        rows.add(random.nextInt(rows.size() + 1), row);
        if (random.nextInt(8) == 0) {
          rows.add(row);
        }
      }
    }
    rows.forEach(row -> store.write(List.of(row)).toCompletableFuture().join());
    List<String> wrong = new ArrayList<>();
    messages.forEach((id, expected) -> compare(store, id, expected, wrong));
    compareListing(store, wrong);
    compareTimelines(store, wrong);
    return wrong;
  }

  private static void compare(
      InMemoryEventStore store, String id, Message expected, List<String> wrong) {
    @Nullable MessageRevision found =
        store.message(LifeScript.TENANT, id).toCompletableFuture().join().orElse(null);
    if (found == null) {
      wrong.add("message " + id + " is missing");
      return;
    }
    Map<String, Long> times = found.getFacts().getTimes();
    Set<String> statuses = new TreeSet<>(expected.given.keySet());
    statuses.addAll(expected.arrivals.keySet());
    if (!times.keySet().equals(statuses)) {
      wrong.add("message " + id + " has times " + times + " instead of those of " + statuses);
      return;
    }
    times.forEach(
        (status, time) -> {
          TreeSet<Long> given = expected.given.getOrDefault(status, new TreeSet<>());
          TreeSet<Long> arrived = expected.arrivals.getOrDefault(status, new TreeSet<>());
          boolean earliest = given.isEmpty() || time <= given.first();
          boolean known =
              arrived.contains(time) || (!given.isEmpty() && time.equals(given.first()));
          if (!earliest || !known) {
            wrong.add("message %s: %s at %d of %s".formatted(id, status, time, given));
          }
        });
    String status =
        PRECEDENCE.stream().filter(statuses::contains).findFirst().orElse("UNCONFIRMED");
    if (!status.equals(String.valueOf(MessageStatus.of(found.getFacts())))) {
      wrong.add("message " + id + " is " + MessageStatus.of(found.getFacts()) + ", not " + status);
    }
    String user = Facts.text(found.getFacts(), Facts.USER_ID);
    if (!String.valueOf(user).equals(String.valueOf(expected.user))) {
      wrong.add("message " + id + " is of " + user + ", not of " + expected.user);
    }
    if (!("of " + id).equals(Facts.text(found.getFacts(), Facts.BODY))) {
      wrong.add("message " + id + " has lost its body");
    }
  }

  private void compareListing(InMemoryEventStore store, List<String> wrong) {
    Set<String> listed =
        store
            .listing(ListingQuery.newest(LifeScript.TENANT, shards(2), 1000))
            .toCompletableFuture()
            .join()
            .items()
            .stream()
            .map(ListingItem::messageId)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!listed.equals(messages.keySet())) {
      wrong.add("listed are " + listed + " instead of " + messages.keySet());
    }
  }

  private void compareTimelines(InMemoryEventStore store, List<String> wrong) {
    for (String user : List.of("u0", "u1", "u2", "u3")) {
      List<TimelineItem> found =
          store
              .timeline(TimelineQuery.newest(LifeScript.TENANT, user, shards(4), 1000))
              .toCompletableFuture()
              .join()
              .items();
      Set<String> expected = timelines.getOrDefault(user, Set.of());
      List<String> ids = found.stream().map(TimelineItem::eventId).sorted().toList();
      if (!ids.equals(expected.stream().sorted().toList())) {
        wrong.add("the timeline of %s has %s instead of %s".formatted(user, ids, expected));
      }
      for (TimelineItem item : found) {
        TreeSet<Long> free = arrivals.get(item.eventId());
        if (free != null && !free.contains(item.eventTime())) {
          wrong.add("event " + item.eventId() + " stands at a time at which it never arrived");
        }
      }
    }
  }

  private static List<ShardVersion> shards(int count) {
    return List.of(new ShardVersion(count, 0L));
  }
}
