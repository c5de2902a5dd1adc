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
 * Who writes the tier's topic: records of the catalogue, in any order and again and again, and
 * commands, with what the real topology promises about them.
 *
 * <ul>
 *   <li>A record stands under its user's key if it has an entry for his timeline, else under its
 *       message's.
 *   <li>A message's command stands under each of both keys, behind all that was sent of the
 *       message; nothing of it comes after.
 *   <li>A user's command stands under his key once, behind the last record of what began by then;
 *       before it or behind it a command for each message of his that was created by then.
 *   <li>After a redaction of a message only revisions without the fields are sent.
 * </ul>
 *
 * <p>The API applies a command too, at any time after it was given.
 */
public final class SimulatedTopology {
  private static final List<String> REDACTABLE = List.of("body", "error", "sender");
  private static final int MOST_USERS = 2;

  private final World world;
  private final SimulatedLog log;
  private final Ledger ledger;
  private final Contents contents;
  private final SimulatedDatabase database;
  private final int homes;

  /** Of whom nothing is sent any more. */
  private final Subjects subjects = new Subjects();

  /** Of whom nothing is left in the end: the same, without what the database refuses to erase. */
  private final Subjects applied = new Subjects();

  /** Messages of which something was sent, as last told. */
  private final Map<String, MessageRevision> sent = new TreeMap<>();

  /** By message, when its fields were redacted and what is sent of it since. */
  private final Map<String, Redacted> redacted = new TreeMap<>();

  /** About whom a command was given. */
  private final Set<String> users = new HashSet<>();

  private int usersErased;
  private int underWay;
  private int commands;
  private int records;

  private record Redacted(long at, int content) {}

  /** One that has sent nothing yet. */
  public SimulatedTopology(
      World world, SimulatedLog log, Ledger ledger, Contents contents, SimulatedDatabase database) {
    this.world = world;
    this.log = log;
    this.ledger = ledger;
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

  /** Whether no command is on its way of which not all is sent. */
  public boolean quiet() {
    return underWay == 0;
  }

  /** How many commands were given. */
  public int commands() {
    return commands;
  }

  /** How many records were sent, commands included. */
  public int records() {
    return records;
  }

  /** What has to be gone in the end. */
  Subjects erased() {
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
      append(home(Subjects.user(message)), instead.content());
      return;
    }
    MessageRevision before = sent.get(id);
    if (before == null || before.getRevision() < message.getRevision()) {
      sent.put(id, message);
    }
    append(home(record.getTimeline().isEmpty() ? id : Subjects.user(message)), number);
  }

  private boolean command() {
    List<MessageRevision> living = sent.values().stream().filter(this::lives).toList();
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

  private boolean lives(MessageRevision message) {
    return !subjects.messageErased(message.getMessageId())
        && !subjects.userErased(Subjects.user(message), message.getCreatedAt());
  }

  /** Once, and not after a command about its user was given, which all tasks meet first. */
  private boolean mayBeRedacted(MessageRevision message) {
    return !redacted.containsKey(message.getMessageId()) && !users.contains(Subjects.user(message));
  }

  private void eraseMessage(MessageRevision message, Erasure command) {
    subjects.eraseMessage(message.getMessageId());
    if (!Catalogue.refused(command)) {
      applied.eraseMessage(message.getMessageId());
    }
    underAllKeys(message, command);
    byApi(command, ErasureTimes.micros(command));
  }

  private void redact(MessageRevision message) {
    List<String> fields = new ArrayList<>(REDACTABLE);
    fields.removeIf(field -> world.chance(0.5));
    if (fields.isEmpty()) {
      fields.add(REDACTABLE.get(0));
    }
    Erasure command = about(message, id(), fields, time(message));
    if (!Catalogue.refused(command)) {
      applied.redact(message.getMessageId(), fields);
    }
    int revision = contents.add(without(message, fields));
    append(home(Subjects.user(message)), revision);
    redacted.put(message.getMessageId(), new Redacted(command.getAt(), revision));
    underAllKeys(message, command);
    byApi(command, ErasureTimes.provisionalMicros(command));
  }

  private static TierRecord without(MessageRevision message, List<String> fields) {
    MessageRevision next =
        MessageRevision.newBuilder(message)
            .setRevision(message.getRevision() + 1)
            .setFacts(Facts.join(message.getFacts(), Facts.redacted(fields)))
            .build();
    return new TierRecord(
        Catalogue.TENANT, List.of(), next, message.getCreatedAt(), null, message.getCreatedAt());
  }

  /** The tasks go on until the last of them has taken the command in; then one forwards it. */
  private void eraseUser(MessageRevision one) {
    String user = Subjects.user(one);
    long at = userTime(one);
    Erasure command = named(id(), at).setUserId(user).build();
    users.add(user);
    usersErased++;
    int content = contents.add(record(command));
    byApi(command, ErasureTimes.micros(command));
    later(
        1_500,
        () -> {
          later(1_000, () -> append(home(user), content));
          List<MessageRevision> his =
              sent.values().stream()
                  .filter(message -> user.equals(Subjects.user(message)))
                  .filter(message -> message.getCreatedAt() <= at)
                  .filter(message -> !applied.messageErased(message.getMessageId()))
                  .toList();
          subjects.eraseUser(user, at);
          if (!Catalogue.refused(command)) {
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

  private void byApi(Erasure command, long timestampMicros) {
    if (world.chance(0.5) && !Catalogue.refused(command)) {
      later(1_500, () -> database.applied(command, timestampMicros));
    }
  }

  /** A message's command stands wherever something of the message may stand. */
  private void underAllKeys(MessageRevision message, Erasure command) {
    int content = contents.add(record(command));
    List<String> keys = List.of(message.getMessageId(), Subjects.user(message));
    int first = world.below(2);
    append(home(keys.get(first)), content);
    append(home(keys.get(1 - first)), content);
  }

  private Erasure about(MessageRevision message, String id, List<String> fields, long at) {
    return named(id, at)
        .setMessageId(message.getMessageId())
        .setUsers(List.of(Subjects.user(message)))
        .setFields(fields)
        .setListedAt(message.getListedAt())
        .setListingShards(message.getListingShards())
        .build();
  }

  private static Erasure.Builder named(String id, long at) {
    return Erasure.newBuilder().setId(id).setTenant(Catalogue.TENANT).setAt(at);
  }

  private String id() {
    return (world.chance(0.1) ? Catalogue.BAD : "") + 'c' + commands;
  }

  private static TierRecord record(Erasure command) {
    return new TierRecord(command.getTenant(), List.of(), null, command.getAt(), command, null);
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

  /** Amid what is known of a user, and not before any redaction of what it takes. */
  private long userTime(MessageRevision one) {
    long at = time(one);
    for (Map.Entry<String, Redacted> each : redacted.entrySet()) {
      MessageRevision message = sent.get(each.getKey());
      if (message != null && Subjects.user(message).equals(Subjects.user(one))) {
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
    Catalogue.Content content = contents.get(number);
    if (content.command() == null) {
      ledger.appended(partition, offset, content.all());
    } else {
      ledger.commandAppended(partition, offset);
    }
    records++;
  }
}
