package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.text.AsciiCase;
import io.postflight.schema.text.NearestName;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Postflight's own JSON format: one event or an array of events, in the form in which events are
 * printed.
 *
 * <p>An entry without {@code messageId} whose status is not that of a message is an action; it
 * requires {@code userId} and {@code type}. A message's status may also be given by its type,
 * {@code message.read}. The caller's {@code eventId} identifies duplicates of events without a
 * time. {@code tenant}, {@code receivedAt} and {@code eventTimeSource} are set by Postflight and
 * ignored; {@code provider} becomes the attribute {@code sourceProvider}. An entry with an unknown
 * field, a repeated field, a field of the wrong type, a type that contradicts the status or
 * attributes beyond the limits is rejected instead of being accepted without them, since the caller
 * can correct it.
 */
final class EventsAdapter implements ProviderAdapter {
  private static final String MESSAGE_TYPE = "message.";
  private static final int MAX_CHANNEL_CHARS = 32;
  private static final String ALIASES = "aliases";
  private static final String FORMER_IDS = "formerIds";

  /** Characters of a name or status in the detail of a rejection. */
  private static final int MAX_SHOWN_CHARS = 64;

  private static final Map<String, Set<String>> OBJECTS =
      Map.of(
          "error", new TreeSet<>(Set.of("code", "title", "detail")),
          "price", new TreeSet<>(Set.of("amount", "currency", "category", "billable")));

  /** Fields of an event that are read. */
  private static final Set<String> FIELDS =
      new TreeSet<>(
          Set.of(
              "messageId",
              "userId",
              ALIASES,
              FORMER_IDS,
              "eventId",
              "type",
              "provider",
              "channel",
              "direction",
              "status",
              "providerStatus",
              "eventTime",
              "error",
              "price",
              "sender",
              "recipient",
              "body",
              "attributes"));

  /** Ids and addresses: a number of another form would be another one as text. */
  private static final Set<String> IDS =
      Set.of("messageId", "userId", "eventId", "sender", "recipient");

  /** Fields of a printed event that are not read. */
  private static final Set<String> IGNORED = Set.of("tenant", "receivedAt", "eventTimeSource");

  private static final Set<String> STATUSES =
      Arrays.stream(Status.values())
          .map(Status::name)
          .collect(Collectors.toCollection(LinkedHashSet::new));

  private final JsonBodies json;

  EventsAdapter(JsonBodies json) {
    this.json = json;
  }

  @Override
  public String provider() {
    return "events";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    json.read(payload, this::event, entries);
  }

  private EventDraft event(JsonParser parser, FlatObject.Budget budget) throws IOException {
    EventDraft draft = new EventDraft();
    fill(draft, FlatObject.read(parser, budget, new FieldReader(parser, draft)));
    return draft;
  }

  /** Rejects an entry for its first field that is not allowed, or not with this value. */
  private final class FieldReader implements FlatObject.ValueReader {
    private final JsonParser parser;
    private final EventDraft draft;
    private final Set<String> found = new HashSet<>();

    FieldReader(JsonParser parser, EventDraft draft) {
      this.parser = parser;
      this.draft = draft;
    }

    @Override
    public void found(String path, JsonToken token) throws IOException {
      if (draft.rejectionReason() != null) {
        return;
      }
      if (parser.currentName().indexOf('.') >= 0) {
        malformed(draft, "the name of the field '" + shown(path) + "' contains a dot");
      } else if (!found.add(path)) {
        malformed(draft, "the field '" + shown(path) + "' is given more than once");
      } else if (IGNORED.contains(path)) {
        return;
      } else if (!names(path).contains(name(path))) {
        unknown(draft, path);
      } else if (isObject(path)) {
        if (token != JsonToken.START_OBJECT && token != JsonToken.VALUE_NULL) {
          malformed(draft, path + " must be an object");
        }
      } else if (isList(path)) {
        if (token != JsonToken.START_ARRAY && token != JsonToken.VALUE_NULL) {
          malformed(draft, path + " must be an array of texts or whole numbers");
        }
      } else if (token.isStructStart() || (token.isBoolean() && !path.equals("price.billable"))) {
        malformed(draft, path + " must be a text or a number");
      } else if (IDS.contains(path) && JsonBodies.isInvalidId(parser)) {
        malformed(draft, path + " must be a text or a whole number");
      }
    }

    @Override
    public boolean reads(String path, JsonToken token) throws IOException {
      if (token == JsonToken.START_OBJECT && OBJECTS.containsKey(path)) {
        return false;
      }
      if (token == JsonToken.START_ARRAY && isList(path)) {
        EventsDetails.ids(parser, draft, path)
            .forEach(path.equals(ALIASES) ? draft::alias : draft::formerId);
      } else if (token == JsonToken.START_OBJECT && path.equals("attributes")) {
        attributes(parser, draft);
      } else {
        parser.skipChildren();
      }
      return true;
    }
  }

  private static boolean isObject(String path) {
    return OBJECTS.containsKey(path) || path.equals("attributes");
  }

  private static boolean isList(String path) {
    return path.equals(ALIASES) || path.equals(FORMER_IDS);
  }

  /** Names of the fields in the object that a path leads into. */
  private static Set<String> names(String path) {
    return name(path).equals(path)
        ? FIELDS
        : OBJECTS.getOrDefault(path.substring(0, path.indexOf('.')), FIELDS);
  }

  /** Name of a field within its object. */
  private static String name(String path) {
    int dot = path.indexOf('.');
    return dot > 0 && OBJECTS.containsKey(path.substring(0, dot)) ? path.substring(dot + 1) : path;
  }

  private static void unknown(EventDraft draft, String path) {
    Set<String> names = names(path);
    malformed(
        draft,
        "there is no field '%s'; %s"
            .formatted(
                shown(path),
                NearestName.closeTo(shown(name(path)), names)
                    .map(near -> "did you mean '" + near + "'?")
                    .orElse("allowed: " + String.join(", ", names))));
  }

  private static String shown(String name) {
    return name.length() <= MAX_SHOWN_CHARS ? name : name.substring(0, MAX_SHOWN_CHARS - 1) + '…';
  }

  private void attributes(JsonParser parser, EventDraft draft) throws IOException {
    Set<String> names = new HashSet<>();
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      String value = token.isScalarValue() ? parser.getText() : json.verbatim(parser);
      if (draft.rejectionReason() != null) {
        continue;
      }
      if (!names.add(name)) {
        malformed(draft, "the attribute '" + shown(name) + "' is given more than once");
      } else if (names.size() > EventDraft.MAX_ATTRIBUTES) {
        draft.reject(
            RejectionReason.TOO_LARGE,
            "there are too many attributes; allowed: at most " + EventDraft.MAX_ATTRIBUTES);
      } else if (token != JsonToken.VALUE_NULL) {
        attribute(draft, name, value);
      }
    }
  }

  private static void attribute(EventDraft draft, String name, String value) {
    if (name.length() > EventDraft.MAX_ATTRIBUTE_NAME) {
      tooLarge(draft, "the name of an attribute", name, EventDraft.MAX_ATTRIBUTE_NAME);
    } else if (value.length() > EventDraft.MAX_ATTRIBUTE_VALUE) {
      String which = "attribute '" + shown(name) + "'";
      tooLarge(draft, which, value, EventDraft.MAX_ATTRIBUTE_VALUE);
    } else {
      draft.attribute(name, value);
    }
  }

  private static void tooLarge(EventDraft draft, String what, String text, int most) {
    draft.reject(
        RejectionReason.TOO_LARGE,
        what + " has " + text.length() + " characters; allowed: at most " + most);
  }

  private static void fill(EventDraft draft, FlatObject fields) {
    draft
        .messageId(fields.get("messageId"))
        .userId(fields.get("userId"))
        .ownEventId(eventId(draft, fields))
        .error(EventsDetails.error(fields))
        .price(EventsDetails.price(draft, fields))
        .sender(limited(draft, fields, "sender"))
        .recipient(limited(draft, fields, "recipient"))
        .body(fields.get("body"));
    if (!draft.attributes().containsKey("sourceProvider")) {
      draft.attribute("sourceProvider", fields.get("provider"));
    }
    draft.time(Timestamps.required(draft, "eventTime", fields.get("eventTime")));
    people(draft);
    status(draft, fields);
    channel(draft, fields.get("channel"));
    direction(draft, fields.get("direction"));
  }

  private static @Nullable String limited(EventDraft draft, FlatObject fields, String name) {
    String id = fields.get(name);
    if (id != null && id.length() > EventsDetails.MAX_ID_CHARS) {
      tooLarge(draft, name, id, EventsDetails.MAX_ID_CHARS);
    }
    return id;
  }

  private static @Nullable String eventId(EventDraft draft, FlatObject fields) {
    String id = limited(draft, fields, "eventId");
    if (id != null && !id.isBlank() && EventsDetails.INVALID_IN_ID.matcher(id).find()) {
      malformed(draft, "eventId has a control character or an unpaired surrogate");
    }
    return id;
  }

  private static void people(EventDraft draft) {
    for (String former : draft.formerIds()) {
      if (!former.equals(draft.userId()) && !draft.aliases().contains(former)) {
        malformed(draft, "formerIds has an id that is neither userId nor one of aliases");
      }
    }
  }

  private static void status(EventDraft draft, FlatObject fields) {
    String type = fields.get("type");
    String name = fields.get("status");
    if (name == null && type != null && isMessageType(type)) {
      name = type.substring(MESSAGE_TYPE.length());
    }
    Status status = name == null ? null : named(name);
    if (status == Status.ACTION || (name == null && draft.messageId() == null)) {
      action(draft, status, type);
      return;
    }
    if (status == null) {
      unknownStatus(draft, name);
      return;
    }
    String expected = MESSAGE_TYPE + AsciiCase.lower(status.name());
    if (type != null && !AsciiCase.lower(type).equals(expected)) {
      malformed(
          draft,
          "type '%s' contradicts status %s; allowed: %s, or no type"
              .formatted(shown(type), status, expected));
    }
    String providerStatus = fields.get("providerStatus");
    draft.status(status, providerStatus == null ? name : providerStatus);
  }

  private static void unknownStatus(EventDraft draft, @Nullable String name) {
    String allowed = "; allowed: " + String.join(", ", STATUSES);
    if (name == null) {
      malformed(draft, "status is missing" + allowed);
      return;
    }
    draft.reject(
        RejectionReason.UNKNOWN_STATUS,
        "status '" + shown(name) + "' of events is not known" + allowed);
  }

  /**
   * An action.
   *
   * @param status null: the entry does not name it
   */
  private static void action(EventDraft draft, @Nullable Status status, @Nullable String type) {
    draft.status(Status.ACTION).type(type);
    if (status == null && type == null) {
      malformed(
          draft,
          "the entry is no event: a message requires messageId and status, an action userId and"
              + " type");
    }
    if (draft.messageId() != null) {
      malformed(draft, "an action must not have a messageId");
    }
    if (type != null && isMessageType(type)) {
      malformed(draft, "the type of an action must not start with '" + MESSAGE_TYPE + "'");
    }
  }

  private static boolean isMessageType(String type) {
    return AsciiCase.lower(type).startsWith(MESSAGE_TYPE);
  }

  private static @Nullable Status named(String name) {
    String upper = AsciiCase.upper(name);
    for (Status status : Status.values()) {
      if (status.name().equals(upper)) {
        return status;
      }
    }
    return null;
  }

  private static void channel(EventDraft draft, @Nullable String channel) {
    if (channel == null) {
      return;
    }
    if (channel.length() > MAX_CHANNEL_CHARS || !isWord(channel)) {
      malformed(
          draft, "channel must have at most " + MAX_CHANNEL_CHARS + " letters, digits, _ or -");
    }
    draft.channel(AsciiCase.upper(channel));
  }

  private static boolean isWord(String text) {
    return text.chars()
        .allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '-'));
  }

  private static void direction(EventDraft draft, @Nullable String direction) {
    boolean inbound = draft.status() == Status.RECEIVED || draft.status() == Status.ACTION;
    Direction defaultDirection = inbound ? Direction.INBOUND : Direction.OUTBOUND;
    if (direction == null) {
      draft.direction(defaultDirection);
      return;
    }
    switch (AsciiCase.upper(direction)) {
      case "INBOUND" -> draft.direction(Direction.INBOUND);
      case "OUTBOUND" -> draft.direction(Direction.OUTBOUND);
      default -> malformed(draft, "direction is neither INBOUND nor OUTBOUND");
    }
  }

  static void malformed(EventDraft draft, String detail) {
    draft.reject(RejectionReason.MALFORMED_BODY, detail);
  }
}
