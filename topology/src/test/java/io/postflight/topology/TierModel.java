package io.postflight.topology;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.identity.Aliases;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageAlias;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * Model of a tier's tables: rows by write timestamp, and deletes like those of the sink. It deletes
 * only what a command specifies, so that omissions of the lifecycle are detected.
 */
final class TierModel {
  private final Map<ModelRowKey, Long> timeline = new HashMap<>();
  private final Map<ModelRowKey, Long> eventTimes = new HashMap<>();
  private final Map<ModelRowKey, String> aliases = new HashMap<>();
  private final Map<ModelRowKey, Long> deletedRows = new HashMap<>();
  private final Map<String, Long> deletedUsers = new HashMap<>();
  private final Map<String, MessageRevision> messages = new HashMap<>();
  private final Map<String, Long> deletedMessages = new HashMap<>();
  private final Map<String, Body> bodies = new HashMap<>();
  private final Map<String, Long> deletedBodies = new HashMap<>();

  /** One row of a timeline. */
  record ModelRowKey(String user, String message, String event) {}

  private record Body(String text, long micros) {}

  /** The tier after all records are written: in order per key, in any order otherwise. */
  static TierModel arrived(List<TestRecord<String, TierRecord>> records, Random random) {
    Map<String, Deque<TierRecord>> lanes = new LinkedHashMap<>();
    records.forEach(
        record ->
            lanes.computeIfAbsent(record.key(), key -> new ArrayDeque<>()).add(record.value()));
    TierModel tier = new TierModel();
    List<String> keys = new ArrayList<>(lanes.keySet());
    while (!keys.isEmpty()) {
      String key = keys.get(random.nextInt(keys.size()));
      Deque<TierRecord> lane = lanes.getOrDefault(key, new ArrayDeque<>());
      for (int i = 1 + random.nextInt(3); i > 0 && !lane.isEmpty(); i--) {
        tier.apply(lane.removeFirst());
      }
      if (lane.isEmpty()) {
        keys.remove(key);
      }
    }
    return tier;
  }

  void apply(TierRecord record) {
    if (record.getCommand() != null) {
      apply(record.getCommand());
      return;
    }
    for (TimelineEntry entry : record.getTimeline()) {
      ModelRowKey key =
          new ModelRowKey(
              Objects.requireNonNull(entry.getEvent().getUserId()),
              String.valueOf(entry.getEvent().getMessageId()),
              entry.getEvent().getEventId());
      timeline.merge(key, micros(entry.getAnchor()), Math::max);
      eventTimes.put(key, entry.getEvent().getEventTime());
      String alias = Aliases.identifying(entry.getEvent());
      if (alias != null) {
        aliases.put(key, alias);
      }
    }
    MessageRevision message = record.getMessage();
    if (message != null) {
      write(message);
    }
  }

  /** Visible rows of the timelines, with their anchors. */
  Map<ModelRowKey, Long> timeline() {
    Map<ModelRowKey, Long> visible = new HashMap<>();
    timeline.forEach(
        (key, micros) -> {
          if (micros > deletedRows.getOrDefault(key, Long.MIN_VALUE)
              && micros > deletedUsers.getOrDefault(key.user(), Long.MIN_VALUE)) {
            visible.put(key, micros / 1_000);
          }
        });
    return visible;
  }

  /** The visible message; null: none. */
  @Nullable MessageRevision message(String id) {
    MessageRevision message = messages.get(id);
    return message == null || micros(message) <= deletedMessages.getOrDefault(id, Long.MIN_VALUE)
        ? null
        : message;
  }

  /** The visible text; null: none. */
  @Nullable String body(String id) {
    Body body = bodies.get(id);
    return body == null
            || body.micros() <= deletedMessages.getOrDefault(id, Long.MIN_VALUE)
            || body.micros() <= deletedBodies.getOrDefault(id, Long.MIN_VALUE)
        ? null
        : body.text();
  }

  private void write(MessageRevision message) {
    messages.merge(message.getMessageId(), message, (a, b) -> micros(a) >= micros(b) ? a : b);
    String text = Edits.body(message.getFacts());
    if (text != null) {
      bodies.merge(
          message.getMessageId(),
          new Body(text, micros(message)),
          (a, b) -> a.micros() >= b.micros() ? a : b);
    }
  }

  private void apply(Erasure command) {
    long micros = ErasureTimes.micros(command);
    String message = command.getMessageId();
    String user = command.getUserId();
    if (user != null && command.getScope() != null) {
      eraseWithinScope(user, command, micros);
    } else if (user != null) {
      List<ModelRowKey> rows =
          timeline.keySet().stream().filter(r -> r.user().equals(user)).toList();
      deletedUsers.merge(user, micros, Math::max);
      for (ModelRowKey row : rows) {
        MessageRevision found = message(row.message());
        if (found != null
            && user.equals(Facts.text(found.getFacts(), Facts.USER_ID))
            && found.getCreatedAt() <= command.getAt()) {
          erase(row.message(), List.of(user), micros, null);
        }
      }
    } else if (message != null && command.getFields().isEmpty()) {
      List<String> users = new ArrayList<>(command.getUsers());
      MessageRevision found = message(message);
      String own = found == null ? null : Facts.text(found.getFacts(), Facts.USER_ID);
      if (own != null) {
        users.add(own);
      }
      erase(message, users, micros, command.getTimelineFrom());
    } else if (message != null && command.getFields().contains(Facts.BODY)) {
      deletedBodies.merge(message, micros, Math::max);
    }
  }

  private void eraseWithinScope(String user, Erasure command, long micros) {
    ErasureScope scope = command.getScope();
    for (ModelRowKey row : timeline.keySet().stream().filter(r -> r.user().equals(user)).toList()) {
      if (ErasureScopes.covers(scope, aliases.get(row), eventTimes.getOrDefault(row, 0L))) {
        deletedRows.merge(row, micros, Math::max);
      }
      MessageRevision found = message(row.message());
      if (found != null
          && user.equals(Facts.text(found.getFacts(), Facts.USER_ID))
          && ErasureScopes.covers(scope, MessageAlias.of(found.getFacts()), found.getCreatedAt())
          && found.getCreatedAt() <= command.getAt()) {
        erase(row.message(), List.of(user), micros, null);
      }
    }
  }

  private void erase(String message, List<String> users, long micros, @Nullable Long from) {
    timeline.forEach(
        (row, written) -> {
          if (row.message().equals(message)
              && users.contains(row.user())
              && (from == null || eventTimes.getOrDefault(row, from) >= from)) {
            deletedRows.merge(row, Math.max(micros, written), Math::max);
          }
        });
    deletedMessages.merge(message, micros, Math::max);
  }

  private static long micros(MessageRevision message) {
    return micros(message.getCreatedAt()) + message.getRevision();
  }

  private static long micros(long millis) {
    return millis * 1_000;
  }
}
