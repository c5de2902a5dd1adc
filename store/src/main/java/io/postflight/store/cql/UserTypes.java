package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.data.UdtValue;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.LinkRelation;
import io.postflight.schema.message.MessageEdit;
import io.postflight.store.EventPointer;
import io.postflight.store.FactOrigin;
import java.util.List;
import java.util.Objects;

/** Values of the types in types.cql. */
final class UserTypes {
  private UserTypes() {}

  static EventError error(UdtValue value) {
    return new EventError(
        value.getString("code"), value.getString("title"), value.getString("detail"));
  }

  static Price price(UdtValue value) {
    return new Price(
        value.getString("amount"),
        value.getString("currency"),
        value.getString("category"),
        value.isNull("billable") ? null : value.getBoolean("billable"));
  }

  static MessageEdit edit(UdtValue value) {
    return new MessageEdit(
        millis(value, "at"), requireText(value, "event_id"), requireText(value, "body"));
  }

  static FactOrigin origin(UdtValue value) {
    List<String> facts = value.getList("facts", String.class);
    return new FactOrigin(
        millis(value, "at"),
        value.getShort("rank"),
        requireText(value, "event_id"),
        facts == null ? List.of() : facts);
  }

  static AliasLink link(UdtValue value) {
    return new AliasLink(
        requireText(value, "alias"),
        LinkRelation.valueOf(requireText(value, "relation")),
        millis(value, "at"),
        millis(value, "last_at"),
        null);
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

  private static String requireText(UdtValue value, String field) {
    return Objects.requireNonNull(value.getString(field), field);
  }

  private static long millis(UdtValue value, String field) {
    return Objects.requireNonNull(value.getInstant(field), field).toEpochMilli();
  }
}
