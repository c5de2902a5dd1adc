package io.postflight.topology.adapter;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.text.AsciiCase;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /**
   * The name of a type that Vonage, Infobip or MessageBird have a word of their own for; another
   * word in lower case.
   */
  static @Nullable String of(@Nullable String word) {
    if (word == null) {
      return null;
    }
    String lower = AsciiCase.lower(word);
    return switch (lower) {
      case "file" -> "document";
      case "voice" -> "audio";
      case "contact", "vcard" -> "contacts";
      case "reply",
          "interactive_button_reply",
          "interactive_list_reply",
          "button_reply",
          "list_reply",
          "quick_reply" ->
          "button";
      default -> lower;
    };
  }

  /** Whether a provider's message has a type that no adapter knows: it has the provider's name. */
  public static boolean isUnknown(MessageEvent event) {
    String type = event.getAttributes().get(ATTRIBUTE);
    return type != null && !KNOWN.contains(type) && !event.getProvider().equals("events");
  }
}
