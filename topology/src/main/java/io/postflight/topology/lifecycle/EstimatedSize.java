package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.EventFacts;
import io.postflight.schema.message.MessageEdit;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.TimelineEntry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Approximate sizes in characters, each at most three bytes when serialized. */
final class EstimatedSize {
  private static final int PER_VALUE = 32;

  private EstimatedSize() {}

  static long of(MessageFacts facts) {
    long sum = PER_VALUE * (long) facts.getTimes().size();
    for (EventFacts event : facts.getEvents()) {
      sum += PER_VALUE + event.getEventId().length() + of(event.getError());
      for (Map.Entry<String, String> text : event.getTexts().entrySet()) {
        sum += PER_VALUE + text.getKey().length() + text.getValue().length();
      }
    }
    MessageEdit edit = facts.getEdit();
    return edit == null
        ? sum
        : sum + PER_VALUE + edit.getEventId().length() + edit.getBody().length();
  }

  static long of(List<TimelineEntry> entries) {
    long sum = 0;
    for (TimelineEntry entry : entries) {
      sum += of(entry);
    }
    return sum;
  }

  static long of(TimelineEntry entry) {
    MessageEvent event = entry.getEvent();
    return 4L * PER_VALUE
        + length(event.getMessageId())
        + length(event.getUserId())
        + length(event.getProviderStatus())
        + event.getTenant().length()
        + event.getProvider().length()
        + event.getChannel().length()
        + event.getType().length()
        + of(event.getError());
  }

  /** Of a user's command. */
  static long of(Erasure command) {
    ErasureScope scope = command.getScope();
    long sum =
        4L * PER_VALUE
            + command.getId().length()
            + command.getTenant().length()
            + length(command.getUserId())
            + length(command.getRequestedBy())
            + length(command.getRoot());
    if (scope != null) {
      for (String alias : scope.getAliases()) {
        sum += PER_VALUE + alias.length();
      }
      sum += PER_VALUE * (long) scope.getPeriods().size();
    }
    return sum;
  }

  private static long of(@Nullable EventError error) {
    return error == null
        ? 0
        : length(error.getCode()) + length(error.getTitle()) + length(error.getDetail());
  }

  private static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
