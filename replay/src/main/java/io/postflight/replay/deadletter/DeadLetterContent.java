package io.postflight.replay.deadletter;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import org.jspecify.annotations.Nullable;

/** The decoded bytes of a dead letter. */
sealed interface DeadLetterContent {
  /** The provider, if the bytes contain it. */
  @Nullable String provider();

  /** A webhook as received. */
  record RawContent(@Nullable String provider) implements DeadLetterContent {}

  /** A canonical event. */
  record EventContent(MessageEvent event) implements DeadLetterContent {
    @Override
    public String provider() {
      return event.getProvider();
    }
  }

  /** A record of a tier topic. */
  record RowsContent(TierRecord record) implements DeadLetterContent {
    @Override
    public @Nullable String provider() {
      if (!record.getTimeline().isEmpty()) {
        return record.getTimeline().get(0).getEvent().getProvider();
      }
      MessageRevision message = record.getMessage();
      return message == null ? null : Facts.text(message.getFacts(), Facts.PROVIDER);
    }
  }

  /**
   * Bytes that cannot be read.
   *
   * @param reason human-readable
   */
  record UnreadableContent(String reason) implements DeadLetterContent {
    @Override
    public @Nullable String provider() {
      return null;
    }
  }
}
