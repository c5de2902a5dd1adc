package io.postflight.replay.deadletter;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import org.jspecify.annotations.Nullable;

/** What the bytes of a dead letter are. */
sealed interface DeadLetterContent {
  /** Who told it, as far as the bytes say so. */
  @Nullable String provider();

  /** A webhook as it came: its headers say what is to be known here. */
  record Raw(@Nullable String provider) implements DeadLetterContent {}

  /** A canonical event. */
  record Event(MessageEvent event) implements DeadLetterContent {
    @Override
    public String provider() {
      return event.getProvider();
    }
  }

  /** A record of a tier's topic. */
  record Rows(TierRecord record) implements DeadLetterContent {
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
   * @param why for people
   */
  record Unreadable(String why) implements DeadLetterContent {
    @Override
    public @Nullable String provider() {
      return null;
    }
  }
}
