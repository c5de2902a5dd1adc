package io.postflight.topology.identity;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.topic.RecordKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The requested erasures of users, each with the ids of the commands derived from it so far, in a
 * state store: key {@code tenant|user|id of the command}.
 */
final class RequestedErasures {
  private final KeyValueStore<String, Erasure> store;

  RequestedErasures(KeyValueStore<String, Erasure> store) {
    this.store = store;
  }

  /** Adds a command; it takes the place of earlier ones all of whose rows it covers as well. */
  void add(Erasure command) {
    String user = Objects.requireNonNull(command.getUserId(), "user_id");
    for (Erasure earlier : ofUser(command.getTenant(), user)) {
      if (earlier.getAt() <= command.getAt()
          && Objects.equals(earlier.getScope(), command.getScope())) {
        store.delete(key(earlier));
      }
    }
    put(command);
  }

  /** Replaces a command. */
  void put(Erasure command) {
    store.put(key(command), command);
  }

  /** Whether a command is known. */
  boolean contains(Erasure command) {
    return store.get(key(command)) != null;
  }

  /** Whether a tenant has any: most have none, and their links concern no erasure. */
  boolean anyOf(String tenant) {
    // No tenant id contains '|', and '}' is the character after it.
    try (KeyValueIterator<String, Erasure> range = store.range(tenant + '|', tenant + '}')) {
      return range.hasNext();
    }
  }

  /** The commands of a user, ordered by time. */
  List<Erasure> ofUser(String tenant, String user) {
    String prefix = RecordKeys.ofUser(tenant, user) + '|';
    List<Erasure> found = new ArrayList<>();
    // Ids begin with hexadecimal digits, and 'g' follows them.
    try (KeyValueIterator<String, Erasure> range = store.range(prefix, prefix + 'g')) {
      while (range.hasNext()) {
        KeyValue<String, Erasure> each = range.next();
        if (user.equals(each.value.getUserId())) {
          found.add(each.value);
        }
      }
    }
    return found;
  }

  private static String key(Erasure command) {
    return RecordKeys.ofUser(command.getTenant(), String.valueOf(command.getUserId()))
        + '|'
        + command.getId();
  }
}
