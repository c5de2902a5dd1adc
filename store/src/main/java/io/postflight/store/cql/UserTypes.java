package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.data.UdtValue;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.store.EventPointer;
import io.postflight.store.FactOrigin;
import java.time.Instant;
import java.util.List;
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

  static UdtValue pointer(UserDefinedType type, EventPointer pointer) {
    UdtValue value =
        type.newValue()
            .setLong("anchor", pointer.anchorMicros())
            .setInstant("event_time", Instant.ofEpochMilli(pointer.eventTime()))
            .setString("event_id", pointer.eventId())
            .setString("type", pointer.type());
    return pointer.writtenMicros() == pointer.anchorMicros()
        ? value
        : value.setLong("written_at", pointer.writtenMicros());
  }

  static EventPointer pointer(UdtValue value) {
    long anchor = value.getLong("anchor");
    return new EventPointer(
        requireText(value, "type"),
        anchor,
        millis(value, "event_time"),
        requireText(value, "event_id"),
        value.isNull("written_at") ? anchor : value.getLong("written_at"));
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
