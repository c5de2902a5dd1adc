package io.postflight.store;

import io.postflight.schema.event.EventError;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageAlias;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A completed message in its tenant's listing. */
public final class ListingRow extends Row {
  private final MessageRevision revision;

  /**
   * Creates a row, whose write timestamp is that of the message's own row.
   *
   * @param partition its partition
   * @param listedAt its position in the listing, epoch milliseconds
   * @param revision the message
   */
  public ListingRow(PartitionKey partition, long listedAt, MessageRevision revision) {
    super(
        new RowKey(partition, listedAt, revision.getMessageId()),
        MessageRow.writeTimestampMicros(revision),
        revision.getCreatedAt(),
        cells(revision));
    this.revision = revision;
  }

  /** The message. */
  public MessageRevision revision() {
    return revision;
  }

  @Override
  public String describe() {
    return "listing of tenant %s: message %s, revision %d, at %d"
        .formatted(
            partition().tenant(), revision.getMessageId(), revision.getRevision(), key().time());
  }

  private static Map<String, @Nullable Object> cells(MessageRevision revision) {
    MessageFacts facts = revision.getFacts();
    Map<String, @Nullable Object> cells = new LinkedHashMap<>();
    cells.put("created_at", revision.getCreatedAt());
    cells.put("revision", revision.getRevision());
    if (facts.getUnconfirmedAt() != null) {
      cells.put("unconfirmed_at", facts.getUnconfirmedAt());
    }
    if (!facts.getTimes().isEmpty()) {
      cells.put("times", new TreeMap<>(facts.getTimes()));
    }
    for (String column :
        new String[] {Facts.USER_ID, Facts.PROVIDER, Facts.CHANNEL, Facts.DIRECTION}) {
      String value = Facts.text(facts, column);
      if (value != null) {
        cells.put(column, value);
      } else if (facts.getRedacted().contains(column)) {
        cells.put(column, null);
      }
    }
    String alias = MessageAlias.of(facts);
    if (alias != null) {
      cells.put(Facts.ALIAS, alias);
    }
    EventError error = Facts.error(facts);
    if (error != null && error.getCode() != null) {
      cells.put("error_code", error.getCode());
    } else if (facts.getRedacted().contains("error")) {
      cells.put("error_code", null);
    }
    return cells;
  }

  /** Reads an item from cells: the inverse of {@link Row#cells()} of a {@link ListingRow}. */
  public static ListingItem item(
      long listedAt, String messageId, Map<String, ? extends @Nullable Object> cells) {
    CellReader read = new CellReader(cells);
    return new ListingItem(
        listedAt,
        messageId,
        read.time("created_at"),
        read.number("revision"),
        read.times("times"),
        read.timeOrNull("unconfirmed_at"),
        read.textOrNull(Facts.USER_ID),
        read.textOrNull(Facts.PROVIDER),
        read.textOrNull(Facts.CHANNEL),
        read.textOrNull(Facts.DIRECTION),
        read.textOrNull("error_code"),
        read.textOrNull(Facts.ALIAS));
  }
}
