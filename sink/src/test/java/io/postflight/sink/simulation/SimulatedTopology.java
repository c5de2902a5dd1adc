package io.postflight.sink.simulation;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tier's topic: sample records in any order and repeatedly, and commands, with the
 * guarantees of the real topology.
 *
 * <ul>
 *   <li>The key of a record is the user if it has a timeline entry, else the message.
 *   <li>A message's command is sent under both keys, after all records of the message; none is sent
 *       after it.
 *   <li>A user's command is sent once under the user's key, after the last record of messages
 *       created by then; before or after it a command is sent for each of these messages.
 *   <li>After a redaction only revisions without the redacted fields are sent.
 * </ul>
 *
 * <p>The API applies each command, too, at any time after it was issued.
 */
public final class SimulatedTopology {
  private static final List<String> REDACTABLE = List.of("body", "error", "sender");
  private static final int MOST_USERS = 2;

  private final World world;
  private final SimulatedLog log;
  private final HistoryOracle oracle;
  private final HistoryRecords contents;
  private final SimulatedDatabase database;
  private final int homes;

  /** Subjects of which no further record is sent. */
  private final ErasedSubjects subjects = new ErasedSubjects();

  /**
   * Subjects of which nothing is left in the end: the same, without those whose erasure the
   * database rejects.
   */
  private final ErasedSubjects applied = new ErasedSubjects();

  /** The last revision sent of each message. */
  private final Map<String, MessageRevision> sent = new TreeMap<>();

  /** By message, when its fields were redacted, and the content that is sent since. */
  private final Map<String, Redacted> redacted = new TreeMap<>();

  /** Users about whom a command was issued. */
  private final Set<String> users = new HashSet<>();

  private int usersErased;
  private int underWay;
  private int commands;
  private int records;

  private record Redacted(long at, int content) {}

  /** Creates a topology that has sent nothing. */
  public SimulatedTopology(
      World world,
      SimulatedLog log,
      HistoryOracle oracle,
      HistoryRecords contents,
      SimulatedDatabase database) {
    this.world = world;
    this.log = log;
    this.oracle = oracle;
    this.contents = contents;
    this.database = database;
    this.homes = world.below(1_000);
  }

  /** Sends a record or a command. */
  public void send() {
    if (world.chance(0.06) && command()) {
      return;
    }
    int number = world.below(contents.ofCatalogue());
    TierRecord record = contents.get(number).record();
    if (record == null) {
      append(world.below(log.partitions()), number);
    } else if (!subjects.erased(record)) {
      send(number, record);
    }
  }

  /** Whether all records of all issued commands are sent. */
  public boolean idle() {
    return underWay == 0;
  }

  /** Number of commands issued. */
  public int commands() {
    return commands;
  }

  /** Number of records sent, including commands. */
  public int records() {
    return records;
  }

  /** The subjects that have to be erased in the end. */
  ErasedSubjects erased() {
    return applied;
  }

  private void send(int number, TierRecord record) {
    MessageRevision message = record.getMessage();
    if (message == null) {
      append(home(record.getTimeline().get(0).getEvent().getUserId()), number);
      return;
    }
    String id = message.getMessageId();
    Redacted instead = redacted.get(id);
    if (instead != null) {
      append(home(ErasedSubjects.user(message)), instead.content());
      return;
    }
    MessageRevision before = sent.get(id);
    if (before == null || before.getRevision() < message.getRevision()) {
      sent.put(id, message);
    }
    append(home(record.getTimeline().isEmpty() ? id : ErasedSubjects.user(message)), number);
  }

  private boolean command() {
    List<MessageRevision> living = sent.values().stream().filter(this::isRetained).toList();
    if (living.isEmpty()) {
      return false;
    }
    MessageRevision one = living.get(world.below(living.size()));
    int kind = world.below(10);
    if (kind < 2 && usersErased < MOST_USERS) {
      eraseUser(one);
    } else if (kind < 5 && mayBeRedacted(one)) {
      redact(one);
    } else {
      eraseMessage(one, about(one, id(), List.of(), time(one)));
    }
    commands++;
    return true;
  }

  private boolean isRetained(MessageRevision message) {
    return !subjects.messageErased(message.getMessageId())
        && !subjects.userErased(ErasedSubjects.user(message), message.getCreatedAt());
  }

  /** Once, and not after a command about its user was issued, which all tasks process first. */
  private boolean mayBeRedacted(MessageRevision message) {
    return !redacted.containsKey(message.getMessageId())
        && !users.contains(ErasedSubjects.user(message));
  }

  private void eraseMessage(MessageRevision message, Erasure command) {
    subjects.eraseMessage(message.getMessageId());
    if (!SimulatedRecords.rejected(command)) {
      applied.eraseMessage(message.getMessageId());
    }
    sendUnderAllKeys(message, command);
    applyByApi(command, ErasureTimes.micros(command));
  }

  private void redact(MessageRevision message) {
    List<String> fields = new ArrayList<>(REDACTABLE);
    fields.removeIf(field -> world.chance(0.5));
    if (fields.isEmpty()) {
      fields.add(REDACTABLE.get(0));
    }
    Erasure command = about(message, id(), fields, time(message));
    if (!SimulatedRecords.rejected(command)) {
      applied.redact(message.getMessageId(), fields);
    }
    int revision = contents.add(without(message, fields));
    append(home(ErasedSubjects.user(message)), revision);
    redacted.put(message.getMessageId(), new Redacted(command.getAt(), revision));
    sendUnderAllKeys(message, command);
    applyByApi(command, ErasureTimes.provisionalMicros(command));
  }

  private static TierRecord without(MessageRevision message, List<String> fields) {
    MessageRevision next =
        MessageRevision.newBuilder(message)
            .setRevision(message.getRevision() + 1)
            .setFacts(Facts.join(message.getFacts(), Facts.redacted(fields)))
            .build();
    return new TierRecord(
        SimulatedRecords.TENANT,
        List.of(),
        next,
        message.getCreatedAt(),
        null,
        message.getCreatedAt(),
        null);
  }

  /** The tasks continue until the last of them has processed the command; then one forwards it. */
  private void eraseUser(MessageRevision one) {
    String user = ErasedSubjects.user(one);
    long at = userTime(one);
    Erasure command = named(id(), at).setUserId(user).build();
    users.add(user);
    usersErased++;
    int content = contents.add(record(command));
    applyByApi(command, ErasureTimes.micros(command));
    later(
        1_500,
        () -> {
          later(1_000, () -> append(home(user), content));
          List<MessageRevision> his =
              sent.values().stream()
                  .filter(message -> user.equals(ErasedSubjects.user(message)))
                  .filter(message -> message.getCreatedAt() <= at)
                  .filter(message -> !applied.messageErased(message.getMessageId()))
                  .toList();
          subjects.eraseUser(user, at);
          if (!SimulatedRecords.rejected(command)) {
            applied.eraseUser(user, at);
          }
          his.forEach(
              message ->
                  later(
                      1_000,
                      () -> eraseMessage(message, about(message, command.getId(), List.of(), at))));
        });
  }

  private void later(int mostMillis, Runnable work) {
    underWay++;
    world.after(
        world.between(0, mostMillis),
        () -> {
          work.run();
          underWay--;
        });
  }

  private void applyByApi(Erasure command, long timestampMicros) {
    if (world.chance(0.5) && !SimulatedRecords.rejected(command)) {
      later(1_500, () -> database.applied(command, timestampMicros));
    }
  }

  /** Sends a message's command under every key of the message. */
  private void sendUnderAllKeys(MessageRevision message, Erasure command) {
    int content = contents.add(record(command));
    List<String> keys = List.of(message.getMessageId(), ErasedSubjects.user(message));
    int first = world.below(2);
    append(home(keys.get(first)), content);
    append(home(keys.get(1 - first)), content);
  }

  private Erasure about(MessageRevision message, String id, List<String> fields, long at) {
    return named(id, at)
        .setMessageId(message.getMessageId())
        .setUsers(List.of(ErasedSubjects.user(message)))
        .setFields(fields)
        .setListedAt(message.getListedAt())
        .setListingShards(message.getListingShards())
        .build();
  }

  private static Erasure.Builder named(String id, long at) {
    return Erasure.newBuilder().setId(id).setTenant(SimulatedRecords.TENANT).setAt(at);
  }

  private String id() {
    return (world.chance(0.1) ? SimulatedRecords.BAD : "") + 'c' + commands;
  }

  private static TierRecord record(Erasure command) {
    return new TierRecord(
        command.getTenant(), List.of(), null, command.getAt(), command, null, null);
  }

  /** Not before the message was created; before some of its events, or after all. */
  private long time(MessageRevision message) {
    long createdAt = message.getCreatedAt();
    Redacted before = redacted.get(message.getMessageId());
    long earliest = before == null ? createdAt : Math.max(createdAt, before.at());
    return world.chance(0.3)
        ? World.BEGINNING + world.millis()
        : earliest + world.below(3) * (long) world.between(0, 180_000);
  }

  /** Between the events of a user, and not before a redaction of one of the erased messages. */
  private long userTime(MessageRevision one) {
    long at = time(one);
    for (Map.Entry<String, Redacted> each : redacted.entrySet()) {
      MessageRevision message = sent.get(each.getKey());
      if (message != null && ErasedSubjects.user(message).equals(ErasedSubjects.user(one))) {
        at = Math.max(at, each.getValue().at());
      }
    }
    return at;
  }

  private int home(@Nullable String key) {
    return Math.floorMod(String.valueOf(key).hashCode() + homes, log.partitions());
  }

  private void append(int partition, int number) {
    long offset = log.append(partition, number);
    SimulatedRecords.Content content = contents.get(number);
    if (content.command() == null) {
      oracle.appended(partition, offset, content.all());
    } else {
      oracle.commandAppended(partition, offset);
    }
    records++;
  }
}
