package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The marks of a task, in a store of their own: a mark outlives the life that it concerns, and is
 * kept as long as the ledger keeps its command.
 *
 * <p>RetainedCommands whose time is over are found by walking through all of them, a few at a time
 * and not often: that one is kept too long does no harm, and there is no index to be kept in step.
 */
final class RetainedCommandStore implements RetainedCommands {
  private static final Logger log = LoggerFactory.getLogger(RetainedCommandStore.class);

  private static final long BETWEEN_WALKS = Duration.ofHours(1).toMillis();
  private static final String MESSAGE = "m|";
  private static final String USER = "u|";
  private static final String REDACTION = "r|";

  private final KeyValueStore<String, LifecycleCommand> store;
  private final @Nullable Duration retention;

  /** Most tasks have no mark at all: then no event is to pay for looking. Null: not known yet. */
  private @Nullable Boolean empty;

  private String lastLookedAt = "";
  private long nextWalk;

  /**
   * @param store this task's own
   * @param retention how long after a command's time its marks are kept; null: for ever
   */
  RetainedCommandStore(
      KeyValueStore<String, LifecycleCommand> store, @Nullable Duration retention) {
    this.store = store;
    this.retention = retention;
  }

  @Override
  public @Nullable Erasure ofMessage(String tenant, String messageId) {
    return get(MESSAGE + tenant + '|' + messageId);
  }

  @Override
  public @Nullable Erasure ofUser(String tenant, String userId) {
    return get(USER + tenant + '|' + userId);
  }

  @Override
  public @Nullable Erasure ofRedaction(String tenant, String messageId) {
    return get(REDACTION + tenant + '|' + messageId);
  }

  /** Keeps a command in the place of what was known of its subject. */
  void put(Erasure command) {
    empty = false;
    String tenant = command.getTenant() + '|';
    String message = command.getMessageId();
    if (message == null) {
      put(USER + tenant + command.getUserId(), command);
    } else if (command.getFields().isEmpty()) {
      put(MESSAGE + tenant + message, ErasureRules.bare(command));
      store.delete(REDACTION + tenant + message);
    } else {
      put(REDACTION + tenant + message, ErasureRules.bare(command));
    }
  }

  /** Whether it is time to look for marks whose time is over. */
  boolean expiring(long now) {
    return retention != null && now >= nextWalk && !empty();
  }

  /**
   * Looks at some marks more, and lets go those whose time is over.
   *
   * @param now epoch milliseconds; negative: not known, so nothing goes
   * @param limit at most so many are looked at
   */
  void expire(long now, int limit) {
    if (retention == null || !expiring(now)) {
      return;
    }
    long over = now - retention.toMillis();
    int looked = 0;
    List<String> gone = new ArrayList<>();
    try (KeyValueIterator<String, LifecycleCommand> marks =
        store.range(lastLookedAt + '\0', null)) {
      while (looked < limit && marks.hasNext()) {
        KeyValue<String, LifecycleCommand> mark = marks.next();
        looked++;
        lastLookedAt = mark.key;
        if (mark.value.getCommand().getAt() < over) {
          gone.add(mark.key);
          if (mark.key.startsWith(Acknowledgements.AWAITED)) {
            log.warn(
                "Command {} was not forwarded to the tiers: only partitions {} of events have"
                    + " acknowledged it; give the erasure again",
                mark.value.getCommand().getId(),
                mark.value.getAcknowledgedBy());
          }
        }
      }
    }
    gone.forEach(store::delete);
    if (looked < limit) {
      lastLookedAt = "";
      nextWalk = now + BETWEEN_WALKS;
    }
  }

  private @Nullable Erasure get(String key) {
    LifecycleCommand mark = empty() ? null : store.get(key);
    return mark == null ? null : mark.getCommand();
  }

  private void put(String key, Erasure command) {
    store.put(key, new LifecycleCommand(command, List.of(), List.of()));
  }

  private boolean empty() {
    Boolean known = empty;
    if (known == null) {
      try (KeyValueIterator<String, LifecycleCommand> all = store.all()) {
        known = !all.hasNext();
      }
      empty = known;
    }
    return known;
  }
}
