package io.postflight.operations.normalize;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A difference as JSON.
 *
 * @param difference the kind, in lower case
 * @param raw the webhook, and the position of the event in its body
 * @param changes the fields that differ; absent if only one side has the event
 * @param event the event; absent if both sides have it
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EventDifferenceLine(
    String difference,
    String provider,
    String tenant,
    String eventId,
    @Nullable String messageId,
    @Nullable RawPosition raw,
    List<EventDifference.FieldChange> changes,
    @Nullable JsonNode event) {
  /** A record of {@code raw.webhooks}, and the position in its body. */
  public record RawPosition(int partition, long offset, int index) {}

  /** The line of a difference. */
  public static EventDifferenceLine of(EventDifference difference) {
    MessageEvent event = difference.event();
    RawReference raw = event.getRaw();
    boolean changed = difference.kind() == EventDifference.DifferenceKind.CHANGED;
    return new EventDifferenceLine(
        difference.kind().name().toLowerCase(Locale.ROOT),
        event.getProvider(),
        event.getTenant(),
        event.getEventId(),
        event.getMessageId(),
        raw == null ? null : new RawPosition(raw.getPartition(), raw.getOffset(), raw.getIndex()),
        difference.changes(),
        changed ? null : EventDifference.json(event));
  }
}
