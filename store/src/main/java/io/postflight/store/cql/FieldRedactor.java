package io.postflight.store.cql;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import io.postflight.store.RowKey;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Redacts fields of a message. All but the error are stored in the message's row only; the error
 * code is also stored in the listing and the timeline.
 *
 * <p>If the message has no row, none is created.
 */
final class FieldRedactor extends MessageChange {
  FieldRedactor(ErasureRequests requests, Erasure command, String messageId, long timestampMicros) {
    super(requests, command, messageId, timestampMicros);
  }

  @Override
  CompletionStage<Long> apply(@Nullable WrittenMessage message) {
    CompletionStage<Long> elsewhere =
        command.getFields().contains(Facts.ERROR) ? otherRows(message) : ErasureRequests.count(0);
    return message == null
        ? elsewhere
        : elsewhere.thenCompose(rows -> ownRow(message).thenApply(more -> rows + more));
  }

  @Override
  CompletionStage<Long> listed(RowKey row, WrittenMessage message) {
    long changed = Facts.error(message.revision().getFacts()) == null ? 0 : 1;
    return requests
        .deleteErrorCode(row, message.deletedAt(timestampMicros))
        .thenApply(done -> changed);
  }

  @Override
  CompletionStage<Long> event(WrittenEvent row) {
    return row.hasError()
        ? requests
            .deleteErrorCode(row.key(), Math.max(timestampMicros, row.writtenAt()))
            .thenApply(done -> 1L)
        : ErasureRequests.count(0);
  }

  private CompletionStage<Long> ownRow(WrittenMessage message) {
    MessageFacts before = message.revision().getFacts();
    MessageFacts after = Facts.join(before, Facts.redacted(command.getFields()));
    boolean changed = !Objects.equals(before, after);
    return requests
        .send(
            requests
                .prepared()
                .redactMessage()
                .bind(
                    command.getTenant(),
                    messageId,
                    command.getFields(),
                    List.copyOf(after.getRedacted()),
                    redactedAt(message, before, after),
                    requests.remainingTtl(message.ttlSeconds())))
        .thenApply(done -> changed ? 1L : 0L);
  }

  /**
   * Two redactions within one millisecond would write one cell with one timestamp, and the result
   * would be undefined: one that adds fields gets a later timestamp.
   */
  private long redactedAt(WrittenMessage message, MessageFacts before, MessageFacts after) {
    long usual = message.deletedAt(timestampMicros);
    return before.getRedacted().equals(after.getRedacted())
        ? usual
        : Math.max(usual, message.redactedAt() + 1);
  }
}
