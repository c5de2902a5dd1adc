package io.postflight.sink.simulation;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.sink.simulation.Catalogue.Content;
import io.postflight.store.LatestRow;
import io.postflight.store.ListingRow;
import io.postflight.store.MessageRow;
import io.postflight.store.Row;
import io.postflight.store.StoredCell;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineRow;
import io.postflight.store.memory.InMemoryEventStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has to be in the database once all is done: the rows of a store to which every record was
 * written and every command applied once, in the order of the log; and, by a reckoning that knows
 * no store, nothing that is erased and all that is neither erased nor expired.
 */
public final class RowsInTheEnd {
  private final World world;
  private final Ledger ledger;
  private final SimulatedLog log;
  private final Contents contents;
  private final Subjects erased;
  private final InMemoryEventStore actual;

  /** Of one history. */
  public RowsInTheEnd(
      World world,
      Ledger ledger,
      SimulatedLog log,
      Contents contents,
      SimulatedTopology topology,
      SimulatedDatabase database) {
    this.world = world;
    this.ledger = ledger;
    this.log = log;
    this.contents = contents;
    this.erased = topology.erased();
    this.actual = database.store();
  }

  /** Adds to the ledger's violations what is otherwise. */
  public void judge() {
    judgeDeadLetters();
    judgeAgainstReference();
    judgeRows();
    world.note("end", actual.count(Table.TIMELINE), log.committed(0));
  }

  private void judgeDeadLetters() {
    for (SimulatedLog.Entry entry : log.all()) {
      boolean demanded = contents.get(entry.content()).deadLetter();
      if (demanded != ledger.isDeadLettered(entry.partition(), entry.offset())) {
        ledger.violation(
            "record %d@%d has to be a dead letter: %b"
                .formatted(entry.partition(), entry.offset(), demanded));
      }
    }
  }

  private void judgeAgainstReference() {
    InMemoryEventStore reference = new InMemoryEventStore(Catalogue.TIER, world.wallClock());
    for (SimulatedLog.Entry entry : log.all()) {
      Content content = contents.get(entry.content());
      for (Row row : content.rows()) {
        reference.write(List.of(row)).toCompletableFuture().join();
      }
      Erasure command = content.command();
      if (command != null && !content.deadLetter()) {
        reference.erase(command, ErasureTimes.micros(command)).toCompletableFuture().join();
      }
    }
    for (Table table : Table.values()) {
      Set<String> stored = new HashSet<>(actual.rows(table));
      Set<String> expected = new HashSet<>(reference.rows(table));
      if (!stored.equals(expected)) {
        Set<String> odd = new HashSet<>(stored);
        odd.removeAll(expected);
        expected.removeAll(stored);
        ledger.violation("%s has %s instead of %s".formatted(table, odd, expected));
      }
    }
  }

  private void judgeRows() {
    Set<Integer> seen = new HashSet<>();
    for (SimulatedLog.Entry entry : log.all()) {
      if (seen.add(entry.content())) {
        contents.get(entry.content()).rows().forEach(this::judge);
      }
    }
  }

  private void judge(Row row) {
    Optional<StoredCells> stored = actual.read(row).toCompletableFuture().join();
    boolean gone = gone(row);
    if (row instanceof LatestRow latest) {
      boolean shows = stored.map(cells -> shows(cells, latest.event())).orElse(false);
      if (gone && shows) {
        ledger.violation("the latest event is erased: " + row.describe());
      }
    } else if (gone && stored.isPresent()) {
      ledger.violation("there is though erased: " + row.describe());
    } else if (!gone && stored.isEmpty() && !expired(row)) {
      ledger.violation("is missing: " + row.describe());
    } else {
      stored.ifPresent(cells -> judgeFields(row, cells.cells().keySet()));
    }
  }

  private void judgeFields(Row row, Set<String> columns) {
    for (String field : erased.redacted(String.valueOf(messageId(row)))) {
      if (columns.contains(field) || (field.equals("error") && columns.contains("error_code"))) {
        ledger.violation("there is though redacted: " + field + " of " + row.describe());
      }
    }
  }

  private static boolean shows(StoredCells cells, TimelineItem event) {
    StoredCell cell = cells.cells().get("event");
    return cell != null
        && cell.value() instanceof TimelineItem item
        && item.eventId().equals(event.eventId());
  }

  private boolean gone(Row row) {
    String messageId = messageId(row);
    boolean with = messageId != null && erased.messageErased(messageId);
    if (row instanceof TimelineRow timeline) {
      return with || erased.userErased(timeline.partition().subject(), timeline.anchor());
    }
    if (row instanceof LatestRow latest) {
      return with || erased.userErased(latest.partition().subject(), latest.anchor());
    }
    return with;
  }

  private static @Nullable String messageId(Row row) {
    if (row instanceof TimelineRow timeline) {
      return timeline.event().messageId();
    }
    if (row instanceof LatestRow latest) {
      return latest.event().messageId();
    }
    return row instanceof MessageRow message
        ? message.revision().getMessageId()
        : ((ListingRow) row).revision().getMessageId();
  }

  private boolean expired(Row row) {
    Duration retention = Catalogue.TIER.retention();
    return retention != null
        && row.expiryAnchorMillis() + retention.toMillis() <= World.BEGINNING + world.millis();
  }
}
