package io.postflight.store;

import io.postflight.schema.message.MessageRevision;

/** A revision of a message. All its rows expire by the message's creation time. */
public final class MessageRow extends Row {
  private final MessageRevision revision;

  /**
   * Creates a row, whose write timestamp is the creation time plus the revision in microseconds.
   *
   * @param partition its partition
   * @param revision the message
   */
  public MessageRow(PartitionKey partition, MessageRevision revision) {
    super(
        new RowKey(partition, 0, ""),
        writeTimestampMicros(revision),
        revision.getCreatedAt(),
        MessageColumns.cells(revision));
    this.revision = revision;
  }

  /** The write timestamp of a revision's rows. */
  static long writeTimestampMicros(MessageRevision revision) {
    return revision.getCreatedAt() * 1000 + revision.getRevision();
  }

  /** The message. */
  public MessageRevision revision() {
    return revision;
  }

  @Override
  public String describe() {
    return "message %s of tenant %s, revision %d"
        .formatted(partition().subject(), partition().tenant(), revision.getRevision());
  }
}
