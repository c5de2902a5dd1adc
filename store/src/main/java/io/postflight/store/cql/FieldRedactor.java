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
 * Redacts fields of a message. All but the error stand in the message's own row only; the error's
 * code stands also in the listing, in the timeline and in the latest events. A latest event is one
 * cell, so it is written again without the code, one microsecond above itself: above what it
 * replaces, and below every other event, whose timestamps are whole milliseconds.
 *
 * <p>Where no message's row is, none is made.
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
        : elsewhere.thenCompose(rows -> itself(message).thenApply(more -> rows + more));
  }

  private CompletionStage<Long> errorCodes(@Nullable WrittenMessage message) {
    Long from = message == null ? null : MessageEraser.earliest(message);
    return listing(message)
        .thenCompose(
            listed ->
                Spread.over(
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
    boolean told = message.revision().getFacts().getError() != null;
    return Spread.over(
        message.listings(requests.tier().buckets()),
        ErasureRequests.ROWS,
        listed ->
            requests
                .delete(
                    requests
                        .prepared()
                        .redactListedMessage()
                        .bind(
                            listed.partition(),
                            listed.time(),
                            messageId,
                            message.deletedAt(timestampMicros)))
                .thenApply(done -> told ? 1L : 0L));
  }

  private CompletionStage<Long> timeline(String user, @Nullable Long from) {
    return Spread.over(
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
                    Spread.over(
                        page.stream().filter(WrittenEvent::hasError).toList(),
                        ErasureRequests.ROWS,
                        this::event)));
  }

  private CompletionStage<Long> event(WrittenEvent event) {
    return requests
        .delete(
            requests
                .prepared()
                .redactTimelineEvent()
                .bind(event, Math.max(timestampMicros, event.writtenAt())))
        .thenApply(done -> 1L);
  }

  private CompletionStage<Long> latest(String user) {
    return requests
        .latest(command.getTenant(), user)
        .thenCompose(
            rows ->
                Spread.over(
                    rows.stream().filter(this::tellsTheError).toList(),
                    ErasureRequests.ROWS,
                    row ->
                        requests
                            .rewrite(command.getTenant(), user, redacted(row))
                            .thenApply(done -> 1L)));
  }

  private boolean tellsTheError(WrittenLatest row) {
    return messageId.equals(row.event().messageId()) && row.event().errorCode() != null;
  }

  private static WrittenLatest redacted(WrittenLatest row) {
    return new WrittenLatest(row.event().withoutError(), row.writtenAt() + 1, row.ttlSeconds());
  }

  private CompletionStage<Long> itself(WrittenMessage message) {
    MessageFacts before = message.revision().getFacts();
    MessageFacts after = Facts.join(before, Facts.redacted(command.getFields()));
    boolean changed = !Objects.equals(before, after);
    return requests
        .delete(
            requests
                .prepared()
                .redactMessage()
                .bind(
                    command.getTenant(),
                    messageId,
                    command.getFields(),
                    List.copyOf(after.getRedacted()),
                    redactedAt(message, before, after),
                    requests.rebound(message.ttlSeconds())))
        .thenApply(done -> changed ? 1L : 0L);
  }

  /**
   * Two redactions within one millisecond would write one cell at one time, and which of the two
   * stays would be chance: the one that adds something comes after.
   */
  private long redactedAt(WrittenMessage message, MessageFacts before, MessageFacts after) {
    long usual = message.deletedAt(timestampMicros);
    return before.getRedacted().equals(after.getRedacted())
        ? usual
        : Math.max(usual, message.redactedAt() + 1);
  }
}
