package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.erasure.LifecycleCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The retained commands of a task, in a state store of their own: a command is retained longer than
 * the state of the message that it concerns, and as long as in the ledger.
 *
 * <p>Expired commands are found by scanning all of them, a few at a time and at long intervals:
 * retaining one too long does no harm, and no index has to be maintained.
 */
final class RetainedCommandStore implements RetainedCommands {
  private static final Logger log = LoggerFactory.getLogger(RetainedCommandStore.class);

  private static final long SCAN_INTERVAL = Duration.ofHours(1).toMillis();
  private static final String MESSAGE = "m|";
  private static final String USER = "u|";
  private static final String REDACTION = "r|";

  /** Of all commands of one id, in characters of at most three bytes: a megabyte. */
  private static final long MAX_USER_SIZE = 349_000;

  private final KeyValueStore<String, LifecycleCommand> store;
  private final @Nullable Duration retention;
  private final Consumer<String> limits;

  /** Most tasks retain no command: then events skip the lookups. Null: not known yet. */
  private @Nullable Boolean empty;

  private String lastExamined = "";
  private long nextScan;

  /**
   * @param store this task's own
   * @param retention how long a command is retained; null: indefinitely
   * @param limits called with the name of a bound that is met
   */
  RetainedCommandStore(
      KeyValueStore<String, LifecycleCommand> store,
      @Nullable Duration retention,
      Consumer<String> limits) {
    this.store = store;
    this.retention = retention;
    this.limits = limits;
  }

  @Override
  public @Nullable Erasure ofMessage(String tenant, String messageId) {
    return empty() ? null : get(MESSAGE + tenant + '|' + messageId);
  }

  @Override
  public @Nullable Erasure ofUser(
      String tenant, @Nullable String userId, @Nullable String alias, long time) {
    if (empty()) {
      return null;
    }
    Erasure by =
        userId == null
            ? null
            : latest(tenant, userId, scope -> ErasureScopes.covers(scope, alias, time), null);
    return alias == null
        ? by
        : latest(tenant, alias, scope -> ErasureScopes.coversNaming(scope, userId), by);
  }

  private @Nullable Erasure latest(
      String tenant,
      String id,
      Predicate<@Nullable ErasureScope> covering,
      @Nullable Erasure latest) {
    LifecycleCommand retained = store.get(USER + tenant + '|' + id);
    Erasure by = latest;
    if (retained != null) {
      for (Erasure each : all(retained)) {
        if (covering.test(each.getScope()) && (by == null || each.getAt() > by.getAt())) {
          by = each;
        }
      }
    }
    return by;
  }

  private static List<Erasure> all(LifecycleCommand retained) {
    List<Erasure> all = new ArrayList<>(retained.getOthers());
    all.add(retained.getCommand());
    return all;
  }

  @Override
  public @Nullable Erasure ofRedaction(String tenant, String messageId) {
    return empty() ? null : get(REDACTION + tenant + '|' + messageId);
  }

  /**
   * Retains a user's command. An id has few: a requested command and those that extend it are one,
   * and one whose rows another one covers as well is not retained.
   *
   * @return false: all that it covers is covered by a retained command already
   */
  boolean putOfUser(Erasure command) {
    empty = false;
    String key = USER + command.getTenant() + '|' + command.getUserId();
    LifecycleCommand retained = store.get(key);
    Erasure joined = command;
    List<Erasure> others = new ArrayList<>();
    for (Erasure each : retained == null ? List.<Erasure>of() : all(retained)) {
      if (ErasureScopes.includes(each, command)) {
        return false;
      }
      if (ErasureScopes.root(each).equals(ErasureScopes.root(command))) {
        joined = ErasureScopes.union(each, joined);
      } else {
        others.add(each);
      }
    }
    Erasure last = joined;
    others.removeIf(each -> ErasureScopes.includes(last, each));
    others.add(last);
    while (size(others) > MAX_USER_SIZE && mergeOldest(others)) {
      limits.accept("COMMANDS_MERGED");
    }
    if (size(others) <= MAX_USER_SIZE) {
      Erasure main = others.remove(others.size() - 1);
      store.put(key, new LifecycleCommand(main, List.of(), List.of(), others));
    } else {
      // It is applied, but not to later events.
      limits.accept("COMMAND_TOO_LARGE");
    }
    return true;
  }

  private static long size(List<Erasure> commands) {
    return commands.stream().mapToLong(EstimatedSize::of).sum();
  }

  /**
   * Merges the two oldest commands on one person, which name a common id, or else the two oldest.
   * Then data that the earlier one concerns is erased if it was created until the later one.
   *
   * @return false: there are no two commands with a scope
   */
  private static boolean mergeOldest(List<Erasure> commands) {
    List<Erasure> scoped =
        commands.stream()
            .filter(each -> each.getScope() != null)
            .sorted(Comparator.comparingLong(Erasure::getAt))
            .toList();
    if (scoped.size() < 2) {
      return false;
    }
    List<Erasure> pair = scoped.subList(0, 2);
    for (int i = 0; i < scoped.size(); i++) {
      Erasure some = scoped.get(i);
      Optional<Erasure> more =
          scoped.stream().skip(i + 1L).filter(each -> nameCommonId(some, each)).findFirst();
      if (more.isPresent()) {
        pair = List.of(some, more.get());
        break;
      }
    }
    commands.removeAll(pair);
    commands.add(ErasureScopes.union(pair.get(0), pair.get(1)));
    return true;
  }

  private static boolean nameCommonId(Erasure some, Erasure more) {
    return !Collections.disjoint(aliases(some), aliases(more));
  }

  private static List<String> aliases(Erasure command) {
    return command.getScope() == null ? List.of() : command.getScope().getAliases();
  }

  /** Retains a message's command in place of the previous one on the same message. */
  void put(Erasure command) {
    empty = false;
    String tenant = command.getTenant() + '|';
    String message = command.getMessageId();
    if (command.getFields().isEmpty()) {
      put(MESSAGE + tenant + message, LifecycleErasures.withoutUsers(command));
      store.delete(REDACTION + tenant + message);
    } else {
      put(REDACTION + tenant + message, LifecycleErasures.withoutUsers(command));
    }
  }

  /** Whether a scan for expired commands is due. */
  boolean expiring(long now) {
    return retention != null && now >= nextScan && !empty();
  }

  /**
   * Continues the scan and deletes expired commands.
   *
   * @param now epoch milliseconds; negative: not known, so nothing expires
   * @param limit maximum number of commands to examine
   */
  void expire(long now, int limit) {
    if (retention == null || !expiring(now)) {
      return;
    }
    long over = now - retention.toMillis();
    int examined = 0;
    List<String> gone = new ArrayList<>();
    try (KeyValueIterator<String, LifecycleCommand> retained =
        store.range(lastExamined + '\0', null)) {
      while (examined < limit && retained.hasNext()) {
        KeyValue<String, LifecycleCommand> command = retained.next();
        examined++;
        lastExamined = command.key;
        if (all(command.value).stream().allMatch(each -> each.getAt() < over)) {
          gone.add(command.key);
          if (command.key.startsWith(Acknowledgements.AWAITED)) {
            log.warn(
                "Command {} was not forwarded to the tiers: only partitions {} of events have"
                    + " acknowledged it; repeat the erasure",
                command.value.getCommand().getId(),
                command.value.getAcknowledgedBy());
          }
        }
      }
    }
    gone.forEach(store::delete);
    if (examined < limit) {
      lastExamined = "";
      nextScan = now + SCAN_INTERVAL;
    }
  }

  private @Nullable Erasure get(String key) {
    LifecycleCommand command = store.get(key);
    return command == null ? null : command.getCommand();
  }

  private void put(String key, Erasure command) {
    store.put(key, new LifecycleCommand(command, List.of(), List.of(), List.of()));
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
