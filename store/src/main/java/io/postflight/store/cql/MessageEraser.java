package io.postflight.store.cql;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.Rows;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Erases a message with all its rows, including a listing row that only the command names. A
 * timeline row that is newer than the command is deleted with its own write timestamp.
 */
final class MessageEraser extends MessageChange {
  MessageEraser(ErasureRequests requests, Erasure command, String messageId, long timestampMicros) {
    super(requests, command, messageId, timestampMicros);
  }

  @Override
  CompletionStage<Long> apply(@Nullable WrittenMessage message) {
    return deleteNamedListing(message)
        .thenCompose(done -> otherRows(message))
        .thenCompose(rows -> ownRow(message).thenApply(ownRow -> rows + ownRow));
  }

  /**
   * Deletes the listing row that the command names without reading it: if the message's row was
   * erased before the listing row was written, or does not contain it yet, it cannot be found
   * otherwise.
   */
  private CompletionStage<Long> deleteNamedListing(@Nullable WrittenMessage message) {
    RowKey named = Rows.listing(command, requests.tier().listingBuckets());
    return named == null
        ? ErasureRequests.count(0)
        : requests
            .delete(named, message == null ? timestampMicros : message.deletedAt(timestampMicros))
            .thenApply(done -> 0L);
  }

  @Override
  CompletionStage<Long> listed(RowKey row, WrittenMessage message) {
    return requests.delete(row, message.deletedAt(timestampMicros)).thenApply(done -> 1L);
  }

  @Override
  CompletionStage<Long> event(WrittenEvent row) {
    return requests
        .delete(row.key(), Math.max(timestampMicros, row.writtenAt()))
        .thenApply(done -> 1L);
  }

  @Override
  CompletionStage<Long> finished(PartitionKey partition) {
    return PointerRepair.repair(requests, partition).thenApply(done -> 0L);
  }

  /**
   * Deletes the message's own row. Also if there is none: it may be written later, and a redaction
   * that was concurrent with an earlier attempt may have left a cell.
   */
  private CompletionStage<Long> ownRow(@Nullable WrittenMessage message) {
    RowKey row = RowKey.ofMessage(command.getTenant(), messageId);
    return message == null
        ? requests
            .redactedAt(command.getTenant(), messageId)
            .thenCompose(redactedAt -> requests.delete(row, Math.max(timestampMicros, redactedAt)))
            .thenApply(done -> 0L)
        : requests.delete(row, message.erasedAt(timestampMicros)).thenApply(done -> 1L);
  }
}
