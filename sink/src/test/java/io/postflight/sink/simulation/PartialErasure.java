package io.postflight.sink.simulation;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.Rows;
import io.postflight.store.ShardOf;
import io.postflight.store.StoredCell;
import io.postflight.store.Table;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import io.postflight.store.memory.InMemoryEventStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A command that failed midway: the first deletes of the sequence that the eraser sends. For a
 * message these are its listing and its timeline events; its own row is deleted last, and so not at
 * all. For a user they are the rows that are newer than the command but belong to a message created
 * before it, then these messages.
 *
 * <p>A redaction is never applied in part.
 */
final class PartialErasure {
  private static final List<ShardVersion> ONE_SHARD = List.of(new ShardVersion(1, 0L));
  private static final int ALL = 1_000;
  private static final long MOST_REVISIONS = 999;

  private record Delete(RowKey key, long timestampMicros) {}

  private final InMemoryEventStore store;
  private final Erasure command;
  private final long timestampMicros;
  private final List<Delete> deletes = new ArrayList<>();

  PartialErasure(InMemoryEventStore store, Erasure command, long timestampMicros) {
    this.store = store;
    this.command = command;
    this.timestampMicros = timestampMicros;
  }

  /**
   * Applies the first few deletes.
   *
   * @param below random numbers from 0 (inclusive) to the argument (exclusive)
   * @return how many were applied
   */
  int apply(IntUnaryOperator below) {
    String user = command.getUserId();
    String messageId = command.getMessageId();
    if (user != null) {
      ofUser(user);
    } else if (messageId != null && command.getFields().isEmpty()) {
      ofMessage(messageId);
    }
    int steps = below.applyAsInt(deletes.size() + 1);
    deletes
        .subList(0, steps)
        .forEach(each -> get(store.remove(each.key(), each.timestampMicros())));
    return steps;
  }

  private void ofMessage(String messageId) {
    MessageRevision message = message(messageId);
    Set<String> users = new TreeSet<>(command.getUsers());
    if (message != null) {
      listing(message);
      users.add(user(message));
    }
    for (String user : users) {
      for (TimelineItem item : timeline(user)) {
        if (messageId.equals(item.messageId())) {
          RowKey key = timelineKey(user, item);
          deletes.add(new Delete(key, Math.max(timestampMicros, writtenAt(key))));
        }
      }
    }
  }

  private void ofUser(String user) {
    Set<String> messages = new TreeSet<>();
    for (TimelineItem item : timeline(user)) {
      late(timelineKey(user, item), item, messages);
    }
    for (String messageId : messages) {
      MessageRevision message = message(messageId);
      if (message != null) {
        listing(message);
        deletes.add(
            new Delete(new RowKey(partition(Table.MESSAGE, messageId), 0, ""), deletedAt(message)));
      }
    }
  }

  private void late(RowKey key, TimelineItem item, Set<String> messages) {
    String messageId = item.messageId();
    MessageRevision message = messageId == null ? null : message(messageId);
    if (message == null || message.getCreatedAt() > command.getAt()) {
      return;
    }
    messages.add(message.getMessageId());
    if (writtenAt(key) > timestampMicros) {
      deletes.add(new Delete(key, writtenAt(key)));
    }
  }

  private void listing(MessageRevision message) {
    PartitionKey partition = Rows.listing(message, SimulatedRecords.TIER.listingBuckets());
    Long listedAt = message.getListedAt();
    if (partition != null && listedAt != null) {
      deletes.add(
          new Delete(new RowKey(partition, listedAt, message.getMessageId()), deletedAt(message)));
    }
  }

  private long deletedAt(MessageRevision message) {
    return Math.max(timestampMicros, message.getCreatedAt() * 1000 + MOST_REVISIONS);
  }

  private static String user(MessageRevision message) {
    return String.valueOf(Facts.text(message.getFacts(), Facts.USER_ID));
  }

  private @Nullable MessageRevision message(String messageId) {
    return get(store.message(command.getTenant(), messageId)).orElse(null);
  }

  private List<TimelineItem> timeline(String user) {
    return get(store.timeline(TimelineQuery.newest(command.getTenant(), user, ONE_SHARD, ALL)))
        .items();
  }

  private RowKey timelineKey(String user, TimelineItem item) {
    PartitionKey partition =
        new PartitionKey(
            Table.TIMELINE,
            command.getTenant(),
            user,
            SimulatedRecords.TIER.buckets().at(item.eventTime()).start(),
            ShardOf.id(item.eventId(), 1));
    return new RowKey(partition, item.eventTime(), item.eventId());
  }

  private PartitionKey partition(Table table, String subject) {
    return new PartitionKey(table, command.getTenant(), subject, 0, 0);
  }

  private long writtenAt(RowKey key) {
    return get(store.read(key)).orElseThrow().cells().values().stream()
        .mapToLong(StoredCell::writeTimestampMicros)
        .max()
        .orElse(timestampMicros);
  }

  private static <T> T get(CompletionStage<T> done) {
    return done.toCompletableFuture().join();
  }
}
