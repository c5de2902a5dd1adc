package io.postflight.store.cql;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Redacts fields of a message. All but the error are stored in the message's row only; the error
 * code is also stored in the listing, the timeline and the latest events. A latest event is one
 * cell, so it is rewritten without the code with a timestamp one microsecond higher: above the
 * value that it replaces, and below every other event, whose timestamps are whole milliseconds.
 *
 * <p>If the message has no row, none is created.
 */
final class FieldRedactor {
  private static final String ERROR = "error";

  private final ErasureRequests requests;
  private final Erasure command;
  private final String messageId;
  private final long timestampMicros;

  FieldRedactor(ErasureRequests requests, Erasure command, String messageId, long timestampMicros) {
    this.requests = requests;
    this.command = command;
    this.messageId = messageId;
    this.timestampMicros = timestampMicros;
  }

  CompletionStage<Long> redact() {
    return requests.message(command.getTenant(), messageId).thenCompose(this::redact);
  }

  private CompletionStage<Long> redact(Optional<WrittenMessage> found) {
    WrittenMessage message = found.orElse(null);
    CompletionStage<Long> elsewhere =
        command.getFields().contains(ERROR) ? errorCodes(message) : ErasureRequests.count(0);
    return message == null
        ? elsewhere
        : elsewhere.thenCompose(rows -> ownRow(message).thenApply(more -> rows + more));
  }

  private CompletionStage<Long> errorCodes(@Nullable WrittenMessage message) {
    Long from = message == null ? null : MessageEraser.earliest(message);
    return listing(message)
        .thenCompose(
            listed ->
                BoundedConcurrency.over(
                        MessageEraser.users(command, message),
                        1,
                        user ->
                            timeline(user, from)
                                .thenCompose(
                                    rows -> latest(user).thenApply(latest -> rows + latest)))
                    .thenApply(rows -> rows + listed));
  }

  private CompletionStage<Long> listing(@Nullable WrittenMessage message) {
    if (message == null) {
      return ErasureRequests.count(0);
    }
    boolean hasError = message.revision().getFacts().getError() != null;
    return BoundedConcurrency.over(
        message.listings(requests.tier().buckets()),
        ErasureRequests.ROWS,
        listed ->
            requests
                .deleteErrorCode(listed, message.deletedAt(timestampMicros))
                .thenApply(done -> hasError ? 1L : 0L));
  }

  private CompletionStage<Long> timeline(String user, @Nullable Long from) {
    return BoundedConcurrency.over(
        requests.partitions(command.getTenant(), user, from, command.getAt()),
        ErasureRequests.PARTITIONS,
        partition ->
            requests.events(
                partition,
                requests
                    .prepared()
                    .selectEventsOfMessage()
                    .bind(partition, partition.bucket(), messageId),
                page ->
                    BoundedConcurrency.over(
                        page.stream().filter(WrittenEvent::hasError).toList(),
                        ErasureRequests.ROWS,
                        this::event)));
  }

  private CompletionStage<Long> event(WrittenEvent event) {
    return requests
        .deleteErrorCode(event.key(), Math.max(timestampMicros, event.writtenAt()))
        .thenApply(done -> 1L);
  }

  private CompletionStage<Long> latest(String user) {
    return requests
        .latest(command.getTenant(), user)
        .thenCompose(
            rows ->
                BoundedConcurrency.over(
                    rows.stream().filter(this::hasError).toList(),
                    ErasureRequests.ROWS,
                    row -> requests.rewrite(redacted(row)).thenApply(done -> 1L)));
  }

  private boolean hasError(WrittenLatest row) {
    return messageId.equals(row.event().messageId()) && row.event().errorCode() != null;
  }

  private static WrittenLatest redacted(WrittenLatest row) {
    return new WrittenLatest(
        row.key(), row.event().withoutError(), row.writtenAt() + 1, row.ttlSeconds());
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
