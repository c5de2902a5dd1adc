package io.postflight.replay;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIndex;
import io.postflight.schema.erasure.ErasureLedger;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.store.TimelineItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the erasure ledger, in memory: commands are small, and few compared to rows.
 * Commands that only a tier topic still contains can be added.
 *
 * <p>Records may be compared with it while other threads add commands. All else is for one thread
 * at a time.
 */
final class KnownErasures {
  /** Clock skew tolerated between a command's time and its record's timestamp. */
  private static final long OVERLAP_MILLIS = 600_000;

  private final TierReplay replay;
  private final ErasureIndex index = new ErasureIndex();
  private final Map<String, Erasure> commands = new LinkedHashMap<>();

  private long readFrom;

  private KnownErasures(TierReplay replay) {
    this.replay = replay;
  }

  /**
   * Reads the whole ledger.
   *
   * @throws ReplayException if Kafka is unavailable, or the ledger cannot be read completely
   */
  static KnownErasures read(TierReplay replay) {
    KnownErasures erasures = new KnownErasures(replay);
    erasures.refresh();
    return erasures;
  }

  /** Reads commands appended since the last read. */
  void refresh() {
    long now = System.currentTimeMillis();
    try (ErasureLedger ledger =
        ErasureLedger.open(replay.kafka(), replay.ledger(), replay.serdes(), replay.timeout())) {
      ledger.seek(readFrom);
      ledger.read(this::add);
    } catch (KafkaException failure) {
      throw ReplayException.kafka(
          "the erasure ledger cannot be read completely: " + failure.getMessage(), failure);
    }
    readFrom = now - OVERLAP_MILLIS;
  }

  /**
   * Adds a command of the ledger or of a tier topic; notices are ignored.
   *
   * @return whether rows may be covered that no earlier command leads to: the lifecycle sends a
   *     command in several copies, each of which names one user
   */
  synchronized boolean add(Erasure command) {
    if (!ErasureScopes.isCommand(command)) {
      return false;
    }
    index.add(command);
    Erasure before = commands.get(key(command));
    commands.put(key(command), before == null ? command : merged(before, command));
    return before == null
        || !before.getUsers().containsAll(command.getUsers())
        || !before.getFields().containsAll(command.getFields());
  }

  /**
   * Adds the commands of a tier topic after a range, which apply to rows of the range.
   *
   * @param rest offsets after the range
   */
  void addCommands(
      RangeReader reader, TierRecordDecoder decoder, Map<TopicPartition, OffsetRange> rest)
      throws InterruptedException {
    var unused = readCommands(reader, decoder, rest, this::add, () -> true);
  }

  /**
   * Reads the commands of a tier topic. Those that the lifecycle derives from a user's erasure, for
   * each message and each of its timelines, may exist only there.
   *
   * @param more whether to continue; called before each poll
   * @return the offsets that are left to be read; empty: none
   */
  static Map<TopicPartition, OffsetRange> readCommands(
      RangeReader reader,
      TierRecordDecoder decoder,
      Map<TopicPartition, OffsetRange> spans,
      Consumer<Erasure> each,
      BooleanSupplier more)
      throws InterruptedException {
    return reader.read(
        spans,
        more,
        source -> {
          try {
            Erasure command = decoder.decode(source).getCommand();
            if (command != null) {
              each.accept(command);
            }
          } catch (PoisonRecordException notStored) {
            // A dead letter, which the job that reads its range reports.
          }
        });
  }

  /** A command of the lifecycle may have more users and redacted fields than that of the ledger. */
  private static Erasure merged(Erasure one, Erasure other) {
    return Erasure.newBuilder(one)
        .setUsers(union(one.getUsers(), other.getUsers()))
        .setFields(union(one.getFields(), other.getFields()))
        .setTimelineFrom(
            Objects.equals(one.getTimelineFrom(), other.getTimelineFrom())
                ? one.getTimelineFrom()
                : null)
        .build();
  }

  private static List<String> union(List<String> some, List<String> more) {
    TreeSet<String> all = new TreeSet<>(some);
    all.addAll(more);
    return new ArrayList<>(all);
  }

  /** Commands that the lifecycle derives from a user's command share its id. */
  private static String key(Erasure command) {
    String message = command.getMessageId();
    return command.getId() + (message == null ? "|u|" + command.getUserId() : "|m|" + message);
  }

  /** The union of all commands. */
  ErasureIndex index() {
    return index;
  }

  /** Whether a message was erased by its own id. */
  boolean erasesMessage(String tenant, @Nullable String messageId) {
    return messageId != null && index.erasesMessage(tenant, messageId);
  }

  /** Whether the error of an event is redacted: its code is stored in several rows. */
  boolean redactsErrorOf(String tenant, TimelineItem event) {
    return event.errorCode() != null
        && event.messageId() != null
        && index.redactedFields(tenant, event.messageId()).contains("error");
  }

  /** Whether the error of an entry's event is redacted. */
  boolean redactsAny(TierRecord record) {
    for (TimelineEntry entry : record.getTimeline()) {
      if (entry.getEvent().getError() != null
          && redactsErrorOf(record.getTenant(), TimelineItem.of(entry.getEvent()))) {
        return true;
      }
    }
    return false;
  }

  /** The record without erased content; null if all of it is erased. */
  @Nullable TierRecord leftOf(TierRecord record) {
    return index.leftOf(record);
  }

  /**
   * Whether a row of a user's timeline may be missing although no command covers it. Deleting a
   * user's partition removes all older writes, including a late event of a message created
   * afterwards.
   *
   * @param timestamp of the row, microseconds
   */
  boolean mayHaveRemoved(String tenant, String user, long timestamp) {
    Long at = index.wholeUserErasedAt(tenant, user);
    return at != null && timestamp <= ErasureTimes.micros(at);
  }

  /** The commands of tenants, oldest first. */
  Collection<Erasure> commands(Predicate<String> tenant) {
    return commands.values().stream().filter(command -> tenant.test(command.getTenant())).toList();
  }
}
