package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.text.AsciiCase;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks of Twilio Conversations, as forms. A message of a person is received, edited or removed.
 * One of an agent is no event: what reaches a person is a message of the channel, and a delivery
 * receipt is a status of that one.
 */
final class TwilioConversations {
  private static final String ADDED = "onMessageAdded";
  private static final String UPDATED = "onMessageUpdated";
  private static final String REMOVED = "onMessageRemoved";
  private static final String DELIVERY = "onDeliveryUpdated";

  private final JsonBodies json;

  TwilioConversations(JsonBodies json) {
    this.json = json;
  }

  /** Whether a form is a webhook of Conversations. */
  static boolean is(NamedValues form) {
    String event = form.get("EventType");
    return event != null && event.startsWith("on");
  }

  EventDraft read(NamedValues form) throws IOException {
    return switch (String.valueOf(form.get("EventType"))) {
      case DELIVERY -> delivery(form);
      case ADDED -> fromPerson(form) ? added(form) : ofAgent();
      case UPDATED ->
          fromPerson(form)
              ? base(form, Status.ANNOTATION, Edits.EDIT).body(form.get("Body"))
              : ofAgent();
      case REMOVED -> fromPerson(form) ? base(form, Status.ANNOTATION, Edits.REVOKE) : ofAgent();
      default ->
          EventDraft.rejected(
              RejectionReason.UNSUPPORTED_EVENT, "the event does not concern a message");
    };
  }

  private static EventDraft ofAgent() {
    return EventDraft.rejected(
        RejectionReason.UNSUPPORTED_EVENT,
        "the message of an agent has events of its own in its channel");
  }

  private static EventDraft delivery(NamedValues form) {
    String name = form.get("Status");
    EventDraft draft = new EventDraft();
    draft
        .messageId(form.get("ChannelMessageSid"))
        .status(TwilioAdapter.STATUSES.of(name), name)
        .channel(isNamed(form) ? channel(form, null) : "OTHER")
        .attribute("conversationSid", form.get("ConversationSid"))
        .attribute("conversationMessageSid", form.get("MessageSid"));
    String field = form.get("DateUpdated") == null ? "DateCreated" : "DateUpdated";
    draft.time(Timestamps.of(draft, field, form.get(field)));
    TwilioContent.error(draft, form);
    return draft;
  }

  private EventDraft added(NamedValues form) throws IOException {
    EventDraft draft = base(form, Status.RECEIVED, null);
    FlatObject media = media(form.get("Media"));
    TwilioContent.fill(draft, name -> field(form, media, name));
    return draft;
  }

  /** The media of Conversations are JSON in one field; their names are those of a form here. */
  private static @Nullable String field(NamedValues form, FlatObject media, String name) {
    int last = name.length() - 1;
    if (!name.startsWith("Media") || !Character.isDigit(name.charAt(last))) {
      return form.get(name);
    }
    String path = "media." + name.charAt(last) + '.';
    return switch (name.substring("Media".length(), last)) {
      case "Sid" -> media.first(path + "Sid", path + "sid");
      case "ContentType" -> media.first(path + "ContentType", path + "content_type");
      case "Filename" -> media.first(path + "Filename", path + "filename");
      default -> null;
    };
  }

  /** The list of media as an object; without fields if there is none, or if it is not JSON. */
  private FlatObject media(@Nullable String text) throws IOException {
    if (text == null) {
      return FlatObject.EMPTY;
    }
    byte[] object = ("{\"media\":" + text + '}').getBytes(StandardCharsets.UTF_8);
    try (JsonParser parser = json.open(new Payload(object, 0, null, false))) {
      return parser.nextToken() == JsonToken.START_OBJECT
          ? FlatObject.read(parser, new FlatObject.Budget())
          : FlatObject.EMPTY;
    } catch (JacksonException notJson) {
      return FlatObject.EMPTY;
    }
  }

  private static EventDraft base(NamedValues form, Status status, @Nullable String providerStatus) {
    String author = form.get("Author");
    EventDraft draft = new EventDraft();
    draft
        .messageId(form.get("MessageSid"))
        .status(status, providerStatus)
        .direction(Direction.INBOUND)
        .channel(channel(form, author))
        .sender(author)
        .recipient(form.get("MessagingBinding.ProxyAddress"))
        .userId(UserIds.ofTwilio(author))
        .attribute("conversationSid", form.get("ConversationSid"));
    // The time of creation is not that of a change, and two changes would be one event.
    String field = status == Status.RECEIVED ? "DateCreated" : "DateUpdated";
    draft.time(Timestamps.of(draft, field, form.get(field)));
    return draft;
  }

  /** Agents have an identity, and send through an SDK or the API; people have an address. */
  private static boolean fromPerson(NamedValues form) {
    String author = form.get("Author");
    if (author == null || form.get("ClientIdentity") != null) {
      return false;
    }
    return author.startsWith("+")
        || TwilioAdapter.hasChannel(author)
        || TwilioAdapter.isChannel(form.get("Source"));
  }

  /** Whether the form names its channel; a delivery receipt usually does not. */
  private static boolean isNamed(NamedValues form) {
    return TwilioAdapter.isChannel(channelName(form));
  }

  private static @Nullable String channelName(NamedValues form) {
    String type = form.get("MessagingBinding.Type");
    return type != null ? type : form.get("Source");
  }

  private static String channel(NamedValues form, @Nullable String author) {
    String source = channelName(form);
    return TwilioAdapter.channel(source == null ? null : AsciiCase.lower(source), author);
  }
}
