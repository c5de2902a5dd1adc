package io.postflight.schema.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.schema.topic.RejectionReason;
import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Canonical events and rejections as JSON, each an object on one line, without a line break. Names
 * are camelCase, times RFC 3339 in UTC; fields without a value are omitted.
 */
@NullMarked
public final class EventJson {
  private EventJson() {}

  /** An event, without the reference to the raw record, which is internal. */
  public static String event(MessageEvent event) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tenant", event.getTenant());
    put(json, "messageId", event.getMessageId());
    json.put("eventId", event.getEventId());
    put(json, "userId", event.getUserId());
    if (!event.getAliases().isEmpty()) {
      event.getAliases().forEach(json.putArray("aliases")::add);
    }
    if (!event.getFormerIds().isEmpty()) {
      event.getFormerIds().forEach(json.putArray("formerIds")::add);
    }
    json.put("type", event.getType());
    json.put("provider", event.getProvider());
    json.put("channel", event.getChannel());
    json.put("direction", event.getDirection().name());
    json.put("status", event.getStatus().name());
    put(json, "providerStatus", event.getProviderStatus());
    json.put("eventTime", time(event.getEventTime()));
    json.put("eventTimeSource", event.getEventTimeSource().name());
    json.put("receivedAt", time(event.getReceivedAt()));
    EventError error = event.getError();
    if (error != null) {
      put(json.putObject("error"), error);
    }
    Price price = event.getPrice();
    if (price != null) {
      put(json.putObject("price"), price);
    }
    put(json, "sender", event.getSender());
    put(json, "recipient", event.getRecipient());
    put(json, "body", event.getBody());
    ObjectNode attributes = json.putObject("attributes");
    new TreeMap<>(event.getAttributes()).forEach(attributes::put);
    return json.toString();
  }

  /**
   * A rejection.
   *
   * @param index position of the entry in the body, from 0
   */
  public static String rejection(
      String provider, int index, RejectionReason reason, String detail) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("rejected", true)
        .put("reason", reason.name())
        .put("detail", detail)
        .put("provider", provider)
        .put("index", index)
        .toString();
  }

  private static void put(ObjectNode json, EventError error) {
    put(json, "code", error.getCode());
    put(json, "title", error.getTitle());
    put(json, "detail", error.getDetail());
  }

  /** The amount is a string, to avoid rounding. */
  private static void put(ObjectNode json, Price price) {
    put(json, "amount", price.getAmount());
    put(json, "currency", price.getCurrency());
    put(json, "category", price.getCategory());
    Boolean billable = price.getBillable();
    if (billable != null) {
      json.put("billable", billable);
    }
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  /** With three fractional digits if there are milliseconds. */
  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
