package io.postflight.topology.adapter;

import io.postflight.schema.event.MessageEvent;
import java.util.Set;

/** Values of the attribute {@code messageType}, for every provider. */
public final class MessageTypes {
  /** Name of the attribute. */
  public static final String ATTRIBUTE = "messageType";

  private static final Set<String> KNOWN =
      Set.of(
          "text",
          "image",
          "video",
          "audio",
          "document",
          "sticker",
          "location",
          "contacts",
          "poll",
          "poll_vote",
          "interactive",
          "button",
          "reaction",
          "order",
          "product",
          "template",
          "payment",
          "event",
          "group_invite",
          "media",
          "system",
          "request_welcome",
          "unsupported",
          "unknown");

  private MessageTypes() {}

  /** Whether a provider's message has a type that no adapter knows: it has the provider's name. */
  public static boolean isUnknown(MessageEvent event) {
    String type = event.getAttributes().get(ATTRIBUTE);
    return type != null && !KNOWN.contains(type) && !event.getProvider().equals("events");
  }
}
