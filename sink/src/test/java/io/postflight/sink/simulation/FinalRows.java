package io.postflight.sink.simulation;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.sink.simulation.SimulatedRecords.Content;
import io.postflight.store.EventPointer;
import io.postflight.store.ListingRow;
import io.postflight.store.MessageRow;
import io.postflight.store.Row;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import io.postflight.store.TimelineRow;
import io.postflight.store.memory.InMemoryEventStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the final rows of the database: they equal those of a store to which every record was
 * written and every command applied once in log order; and, computed without a store, no erased row
 * is left and every row that is neither erased nor expired is present.
 */
public final class FinalRows {
  private final World world;
  private final HistoryOracle oracle;
  private final SimulatedLog log;
  private final HistoryRecords contents;
  private final ErasedSubjects erased;
  private final InMemoryEventStore actual;

  /** Of one history. */
  public FinalRows(
      World world,
      HistoryOracle oracle,
      SimulatedLog log,
      HistoryRecords contents,
      SimulatedTopology topology,
      SimulatedDatabase database) {
    this.world = world;
    this.oracle = oracle;
    this.log = log;
    this.contents = contents;
    this.erased = topology.erased();
    this.actual = database.store();
  }

  /** Reports deviations as violations. */
  public void verify() {
    verifyDeadLetters();
    compareWithReference();
    verifyRows();
    world.note("end", actual.count(Table.TIMELINE), log.committed(0));
  }

  private void verifyDeadLetters() {
    for (SimulatedLog.Entry entry : log.all()) {
      boolean demanded = contents.get(entry.content()).deadLetter();
      if (demanded != oracle.isDeadLettered(entry.partition(), entry.offset())) {
        oracle.violation(
            "record %d@%d must be a dead letter: %b"
                .formatted(entry.partition(), entry.offset(), demanded));
      }
    }
  }

  private void compareWithReference() {
    InMemoryEventStore reference = new InMemoryEventStore(SimulatedRecords.TIER, world.wallClock());
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
        oracle.violation("%s has %s instead of %s".formatted(table, odd, expected));
      }
    }
  }

  private void verifyRows() {
    Set<Integer> seen = new HashSet<>();
    for (SimulatedLog.Entry entry : log.all()) {
      if (seen.add(entry.content())) {
        contents.get(entry.content()).rows().forEach(this::verify);
      }
    }
  }

  private void verify(Row row) {
    Optional<StoredCells> stored = actual.read(row).toCompletableFuture().join();
    boolean gone = gone(row);
    if (row instanceof TimelineRow event) {
      verifyPointer(event, gone);
    }
    if (gone && stored.isPresent()) {
      oracle.violation("erased, but present: " + row.describe());
    } else if (!gone && stored.isEmpty() && !expired(row)) {
      oracle.violation("missing: " + row.describe());
    } else {
      stored.ifPresent(cells -> verifyFields(row, cells.cells().keySet()));
    }
  }

  private void verifyFields(Row row, Set<String> columns) {
    for (String field : erased.redacted(String.valueOf(messageId(row)))) {
      if (columns.contains(field) || (field.equals("error") && columns.contains("error_code"))) {
        oracle.violation("redacted, but present: " + field + " of " + row.describe());
      }
    }
  }

  /**
   * No pointer leads to an erased event, and the last one that remains has a pointer or a later
   * one.
   */
  private void verifyPointer(TimelineRow event, boolean gone) {
    EventPointer pointer =
        actual.pointers(event.partition()).get(EventPointer.slot(event.event().type()));
    boolean here = pointer != null && pointer.eventId().equals(event.event().eventId());
    if (gone && here) {
      oracle.violation("erased, but the last of its type: " + event.describe());
    }
    if (!gone
        && !expired(event)
        && !erased.anyOf(event.partition().subject())
        && (pointer == null || EventPointer.ORDER.compare(pointer, event.pointer()) < 0)) {
      oracle.violation("not the last of its type, but no later one is: " + event.describe());
    }
  }

  private boolean gone(Row row) {
    String messageId = messageId(row);
    boolean with = messageId != null && erased.messageErased(messageId);
    if (row instanceof TimelineRow timeline) {
      return with
          || erased.userErased(timeline.partition().subject(), timeline.expiryAnchorMillis());
    }
    return with;
  }

  private static @Nullable String messageId(Row row) {
    if (row instanceof TimelineRow timeline) {
      return timeline.event().messageId();
    }
    return row instanceof MessageRow message
        ? message.revision().getMessageId()
        : ((ListingRow) row).revision().getMessageId();
  }

  private boolean expired(Row row) {
    Duration retention = SimulatedRecords.TIER.retention();
    return retention != null
        && row.expiryAnchorMillis() + retention.toMillis() <= World.BEGINNING + world.millis();
  }
}
