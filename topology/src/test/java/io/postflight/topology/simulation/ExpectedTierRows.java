package io.postflight.topology.simulation;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageEdit;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
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
import java.util.NavigableSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a store must finally contain, derived from the events alone, without the reducer.
 * Some values depend on the order of processing and may vary within bounds: when a message was
 * created and listed, its revision, and which delivery of an event without a time, or with a
 * clamped one, is the first. But all records use the same delivery.
 */
public final class ExpectedTierRows {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final List<String> PRECEDENCE =
      List.of("PLAYED", "READ", "DELIVERED", "RECEIVED", "FAILED", "CANCELED", "EXPIRED");

  private static final class Message {
    /** Events by status. */
    private final Map<String, Set<String>> events = new TreeMap<>();

    /** Texts of edits by event. */
    private final Map<String, String> edits = new TreeMap<>();

    private final Set<String> revocations = new TreeSet<>();
    private @Nullable String user;

    private Set<String> statuses() {
      Set<String> statuses = new TreeSet<>(events.keySet());
      statuses.remove(Status.ANNOTATION.name());
      return statuses;
    }

    private void add(MessageEvent event) {
      if (Edits.isEdit(event)) {
        edits.put(event.getEventId(), String.valueOf(event.getBody()));
      } else if (Edits.isRevocation(event)) {
        revocations.add(event.getEventId());
      }
      events
          .computeIfAbsent(event.getStatus().name(), absent -> new TreeSet<>())
          .add(event.getEventId());
      if (event.getUserId() != null) {
        user = event.getUserId();
      }
    }
  }

  private final Map<String, Message> messages = new TreeMap<>();
  private final Map<String, Set<String>> timelines = new TreeMap<>();

  /** Possible times of each event: one, unless its deliveries differ. */
  private final Map<String, TreeSet<Long>> times = new HashMap<>();

  /** The expected rows of a script. */
  public ExpectedTierRows(LifecycleScript script) {
    for (LifecycleScript.Webhook webhook : script.webhooks()) {
      webhook.events().forEach(this::add);
    }
    for (Message message : messages.values()) {
      if (message.user != null) {
        Set<String> timeline = timelines.computeIfAbsent(message.user, absent -> new TreeSet<>());
        message.events.values().forEach(timeline::addAll);
      }
    }
  }

  private void add(MessageEvent event) {
    times.computeIfAbsent(event.getEventId(), absent -> new TreeSet<>()).add(event.getEventTime());
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
   * Writes the records of a tier's topic, shuffled and with duplicates, and returns the
   * differences; empty if there are none.
   */
  public List<String> compare(List<TierRecord> records, long seed) {
    InMemoryEventStore store =
        new InMemoryEventStore(
            TIER, InstantSource.fixed(Instant.ofEpochMilli(LifecycleScript.END)));
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
    compareDeliveries(records, wrong);
    compareListing(store, wrong);
    compareTimelines(store, wrong);
    return wrong;
  }

  private void compare(InMemoryEventStore store, String id, Message expected, List<String> wrong) {
    @Nullable MessageRevision found =
        store.message(LifecycleScript.TENANT, id).toCompletableFuture().join().orElse(null);
    if (found == null) {
      wrong.add("message " + id + " is missing");
      return;
    }
    Set<String> statuses = expected.statuses();
    if (!found.getFacts().getTimes().keySet().equals(statuses)) {
      wrong.add(
          "message %s has times %s instead of those of %s"
              .formatted(id, found.getFacts().getTimes(), statuses));
      return;
    }
    found
        .getFacts()
        .getTimes()
        .forEach(
            (status, time) -> {
              if (!canBeEarliest(time, expected.events.getOrDefault(status, Set.of()))) {
                wrong.add("message %s: %s at %d".formatted(id, status, time));
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
    compareChanges(id, expected, found.getFacts(), wrong);
  }

  private void compareChanges(String id, Message expected, MessageFacts facts, List<String> wrong) {
    MessageEdit edit = facts.getEdit();
    boolean newest =
        edit == null
            ? expected.edits.isEmpty()
            : timesOf(edit.getEventId()).contains(edit.getAt())
                && expected.edits.keySet().stream()
                    .allMatch(
                        event ->
                            timesOf(event).first() < edit.getAt()
                                || (timesOf(event).first() == edit.getAt()
                                    && event.compareTo(edit.getEventId()) <= 0));
    if (!newest) {
      wrong.add("message %s has the edit %s of %s".formatted(id, edit, expected.edits));
    } else if (edit != null
        && (!edit.getBody().equals(expected.edits.get(edit.getEventId()))
            || !Long.valueOf(edit.getAt()).equals(facts.getEditedAt()))) {
      wrong.add("message %s has text or time of another edit: %s".formatted(id, facts));
    }
    Long revokedAt = facts.getRevokedAt();
    if (revokedAt == null
        ? !expected.revocations.isEmpty()
        : !canBeEarliest(revokedAt, expected.revocations)) {
      wrong.add("message %s is revoked at %s".formatted(id, revokedAt));
    }
  }

  /** Whether one of the events may have this time, and none must have an earlier one. */
  private boolean canBeEarliest(long time, Set<String> events) {
    return events.stream().anyMatch(event -> timesOf(event).contains(time))
        && events.stream().noneMatch(event -> timesOf(event).last() < time);
  }

  private NavigableSet<Long> timesOf(String event) {
    return times.getOrDefault(event, new TreeSet<>());
  }

  /** All records of an event belong to one row, whichever delivery was the first. */
  private static void compareDeliveries(List<TierRecord> records, List<String> wrong) {
    Map<String, String> first = new HashMap<>();
    for (TierRecord record : records) {
      for (TimelineEntry entry : record.getTimeline()) {
        MessageEvent event = entry.getEvent();
        String row =
            "%d, %s, anchor %d"
                .formatted(event.getEventTime(), event.getEventTimeSource(), entry.getAnchor());
        String before = first.putIfAbsent(event.getEventId(), row);
        if (before != null && !before.equals(row) && event.getStatus() != Status.ACTION) {
          wrong.add("event %s is at %s, then at %s".formatted(event.getEventId(), before, row));
        }
      }
    }
  }

  private void compareListing(InMemoryEventStore store, List<String> wrong) {
    Set<String> listed =
        store
            .listing(ListingQuery.newest(LifecycleScript.TENANT, shards(2), 1000))
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
              .timeline(TimelineQuery.newest(LifecycleScript.TENANT, user, shards(4), 1000))
              .toCompletableFuture()
              .join()
              .items();
      Set<String> expected = timelines.getOrDefault(user, Set.of());
      List<String> ids = found.stream().map(TimelineItem::eventId).sorted().toList();
      if (!ids.equals(expected.stream().sorted().toList())) {
        wrong.add("the timeline of %s has %s instead of %s".formatted(user, ids, expected));
      }
      for (TimelineItem item : found) {
        if (!timesOf(item.eventId()).contains(item.eventTime())) {
          wrong.add("event " + item.eventId() + " stands at a time at which it never happened");
        }
      }
    }
  }

  private static List<ShardVersion> shards(int count) {
    return List.of(new ShardVersion(count, 0L));
  }
}
