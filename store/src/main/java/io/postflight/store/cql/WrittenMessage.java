package io.postflight.store.cql;

import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageAlias;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.Buckets;
import io.postflight.store.RowKey;
import io.postflight.store.Rows;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of the messages, as read for an erasure.
 *
 * @param revision the message
 * @param listings its listing rows, {@code listed_at} to the shard count
 * @param ttlSeconds its remaining TTL; 0 for no expiry
 * @param redactedAt write timestamp of the redacted fields, microseconds; 0 if none
 * @param oldestWrite write timestamp of its oldest cell, microseconds: of a message with an earlier
 *     lifecycle, a cell that the later one does not set
 */
record WrittenMessage(
    MessageRevision revision,
    Map<Long, Integer> listings,
    int ttlSeconds,
    long redactedAt,
    long oldestWrite) {
  private static final long MAX_REVISIONS = 999;

  @Nullable String userId() {
    return Facts.text(revision.getFacts(), Facts.USER_ID);
  }

  @Nullable String alias() {
    return MessageAlias.of(revision.getFacts());
  }

  /** Whether it had an earlier lifecycle, whose state was dropped. */
  boolean hasEarlierLifecycle() {
    return listings.size() > 1 || oldestWrite < revision.getCreatedAt() * 1000;
  }

  /** Its rows of the listing, one for each of its lifecycles that was completed. */
  List<RowKey> listings(Buckets buckets) {
    return listings.entrySet().stream()
        .map(
            each ->
                Rows.listing(
                    revision.getTenant(),
                    revision.getMessageId(),
                    each.getKey(),
                    each.getValue(),
                    buckets))
        .toList();
  }

  /**
   * Write timestamp of its deletion: not below any of its revisions, even if it was created after
   * the command.
   */
  long deletedAt(long timestampMicros) {
    return Math.max(timestampMicros, revision.getCreatedAt() * 1000 + MAX_REVISIONS);
  }

  /** As {@link #deletedAt}, for the whole row: not below its redactions either. */
  long erasedAt(long timestampMicros) {
    return Math.max(deletedAt(timestampMicros), redactedAt);
  }
}
