package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.data.UdtValue;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.store.FactOrigin;
import io.postflight.store.TimelineItem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values of the types in types.cql. */
final class UserTypes {
  private UserTypes() {}

  static UdtValue error(UserDefinedType type, EventError error) {
    UdtValue value = text(type.newValue(), "code", error.getCode());
    return text(text(value, "title", error.getTitle()), "detail", error.getDetail());
  }

  static EventError error(UdtValue value) {
    return new EventError(
        value.getString("code"), value.getString("title"), value.getString("detail"));
  }

  static UdtValue price(UserDefinedType type, Price price) {
    UdtValue value = text(type.newValue(), "amount", price.getAmount());
    value = text(text(value, "currency", price.getCurrency()), "category", price.getCategory());
    Boolean billable = price.getBillable();
    return billable == null ? value : value.setBoolean("billable", billable);
  }

  static Price price(UdtValue value) {
    return new Price(
        value.getString("amount"),
        value.getString("currency"),
        value.getString("category"),
        value.isNull("billable") ? null : value.getBoolean("billable"));
  }

  static UdtValue origin(UserDefinedType type, FactOrigin origin) {
    return type.newValue()
        .setInstant("at", Instant.ofEpochMilli(origin.at()))
        .setShort("rank", (short) origin.rank())
        .setString("event_id", origin.eventId())
        .setList("facts", origin.facts(), String.class);
  }

  static FactOrigin origin(UdtValue value) {
    List<String> facts = value.getList("facts", String.class);
    return new FactOrigin(
        millis(value, "at"),
        value.getShort("rank"),
        requireText(value, "event_id"),
        facts == null ? List.of() : facts);
  }

  static UdtValue event(UserDefinedType type, TimelineItem item) {
    UdtValue value =
        type.newValue()
            .setInstant("event_time", Instant.ofEpochMilli(item.eventTime()))
            .setString("event_id", item.eventId())
            .setString("type", item.type())
            .setString("status", item.status().name())
            .setString("provider", item.provider())
            .setString("channel", item.channel())
            .setString("direction", item.direction().name())
            .setString("event_time_source", item.eventTimeSource().name());
    value = text(value, "message_id", item.messageId());
    value = text(value, "provider_status", item.providerStatus());
    value = text(value, "error_code", item.errorCode());
    return item.attributes().isEmpty()
        ? value
        : value.setMap("attributes", item.attributes(), String.class, String.class);
  }

  static TimelineItem event(UdtValue value) {
    Map<String, String> attributes =
        value.isNull("attributes") ? null : value.getMap("attributes", String.class, String.class);
    return new TimelineItem(
        millis(value, "event_time"),
        requireText(value, "event_id"),
        requireText(value, "type"),
        value.getString("message_id"),
        Status.valueOf(requireText(value, "status")),
        requireText(value, "provider"),
        value.getString("provider_status"),
        requireText(value, "channel"),
        Direction.valueOf(requireText(value, "direction")),
        value.getString("error_code"),
        EventTimeSource.valueOf(requireText(value, "event_time_source")),
        attributes == null ? Map.of() : attributes);
  }

  private static UdtValue text(UdtValue value, String field, @Nullable String text) {
    return text == null ? value : value.setString(field, text);
  }

  private static String requireText(UdtValue value, String field) {
    return Objects.requireNonNull(value.getString(field), field);
  }

  private static long millis(UdtValue value, String field) {
    return Objects.requireNonNull(value.getInstant(field), field).toEpochMilli();
  }
}
