package io.postflight.schema.erasure;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.Facts;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** The fields of a message that can be redacted. The user's id cannot: it is part of row keys. */
@NullMarked
public final class RedactableFields {
  /** Names as in the API and in the facts of a message. */
  public static final Set<String> NAMES =
      Set.of("attributes", "body", "error", "price", "recipient", "sender");

  /** The group of an event whose attributes are redacted, as of one whose group has no name. */
  private static final Map<String, String> SOME_GROUP = Map.of(Facts.GROUP, "unknown");

  private RedactableFields() {}

  /**
   * The fields, sorted, without duplicates.
   *
   * @throws IllegalArgumentException if there is none, or one that cannot be redacted, naming it
   *     and the allowed fields
   */
  public static List<String> checked(Collection<String> fields) {
    if (fields.isEmpty()) {
      throw new IllegalArgumentException(
          "no field to redact is given; allowed are " + new TreeSet<>(NAMES));
    }
    for (String field : fields) {
      if (!NAMES.contains(field)) {
        throw new IllegalArgumentException(
            "field '" + field + "' cannot be redacted; allowed are " + new TreeSet<>(NAMES));
      }
    }
    return List.copyOf(new TreeSet<>(fields));
  }

  /**
   * An event without these fields. That it is of a group remains, since its user is then not the
   * person of the message; the group's id does not.
   *
   * @return the event itself if it has none of the fields
   */
  public static MessageEvent without(Collection<String> fields, MessageEvent event) {
    if (fields.isEmpty()) {
      return event;
    }
    Map<String, String> attributes = event.getAttributes();
    if (fields.contains("attributes")) {
      attributes = attributes.containsKey(Facts.GROUP) ? SOME_GROUP : Map.of();
    }
    MessageEvent left =
        new MessageEvent(
            event.getTenant(),
            event.getMessageId(),
            event.getEventId(),
            event.getUserId(),
            event.getType(),
            event.getProvider(),
            event.getChannel(),
            event.getDirection(),
            event.getStatus(),
            event.getProviderStatus(),
            event.getEventTime(),
            event.getEventTimeSource(),
            event.getReceivedAt(),
            fields.contains(Facts.ERROR) ? null : event.getError(),
            fields.contains(Facts.PRICE) ? null : event.getPrice(),
            fields.contains(Facts.SENDER) ? null : event.getSender(),
            fields.contains(Facts.RECIPIENT) ? null : event.getRecipient(),
            fields.contains(Facts.BODY) ? null : event.getBody(),
            attributes,
            event.getRaw(),
            event.getAliases(),
            event.getFormerIds());
    return left.equals(event) ? event : left;
  }
}
