package io.postflight.store;

import io.postflight.schema.message.MessageRevision;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as known after its n-th change. All its rows share the retention of its birth.
 *
 * @param partition where it belongs
 * @param revision the message
 */
public record MessageRow(PartitionKey partition, MessageRevision revision) implements Row {
  /** {@inheritDoc} The birth, and the revision as the microseconds above it. */
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
    return 10 + Size.of(partition.tenant()) + Size.of(partition.subject()) + Size.of(cells());
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
