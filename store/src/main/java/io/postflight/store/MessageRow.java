package io.postflight.store;

import io.postflight.schema.message.MessageRevision;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A revision of a message. All its rows expire by the message's creation time.
 *
 * @param partition its partition
 * @param revision the message
 */
public record MessageRow(PartitionKey partition, MessageRevision revision) implements Row {
  /** {@inheritDoc} The creation time plus the revision in microseconds. */
  @Override
  public long writeTimestampMicros() {
    return revision.getCreatedAt() * 1000 + revision.getRevision();
  }

  @Override
  public long expiryAnchorMillis() {
    return revision.getCreatedAt();
  }

  @Override
  public int sizeBytes() {
    return 10
        + ByteSize.of(partition.tenant())
        + ByteSize.of(partition.subject())
        + ByteSize.of(cells());
  }

  @Override
  public String describe() {
    return "message %s of tenant %s, revision %d"
        .formatted(partition.subject(), partition.tenant(), revision.getRevision());
  }

  @Override
  public Map<String, @Nullable Object> cells() {
    return MessageColumns.cells(revision);
  }
}
