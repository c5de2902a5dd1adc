package io.postflight.topology.identity;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.identity.AliasKind;
import io.postflight.schema.topic.RecordKeys;
import java.util.ArrayList;
import java.util.Comparator;
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
  /** Most commands of an id. */
  private static final int MOST_OF_AN_ID = 64;

  private final KeyValueStore<String, Erasure> store;

  RequestedErasures(KeyValueStore<String, Erasure> store) {
    this.store = store;
  }

  /**
   * Adds a command; it takes the place of earlier ones all of whose rows it covers as well. On a
   * lease that is so only if both name the same person: whose it was depends on their times. If an
   * id has too many, the oldest are not extended any more.
   */
  void add(Erasure command) {
    String user = Objects.requireNonNull(command.getUserId(), "user_id");
    List<Erasure> known = ofUser(command.getTenant(), user);
    for (int i = 0; i < known.size(); i++) {
      Erasure earlier = known.get(i);
      if (known.size() - i > MOST_OF_AN_ID || replaces(command, earlier)) {
        store.delete(key(earlier));
      }
    }
    put(command);
  }

  private static boolean replaces(Erasure command, Erasure earlier) {
    if (earlier.getAt() > command.getAt()) {
      return false;
    }
    return AliasKind.of(String.valueOf(command.getUserId())).isLease()
        ? command.getScope() != null
            && earlier.getScope() != null
            && !command.getScope().getAliases().isEmpty()
            && ErasureScopes.includes(command.getScope(), earlier.getScope())
        : Objects.equals(earlier.getScope(), command.getScope());
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
    found.sort(Comparator.comparingLong(Erasure::getAt).thenComparing(Erasure::getId));
    return found;
  }

  private static String key(Erasure command) {
    return RecordKeys.ofUser(command.getTenant(), String.valueOf(command.getUserId()))
        + '|'
        + command.getId();
  }
}
