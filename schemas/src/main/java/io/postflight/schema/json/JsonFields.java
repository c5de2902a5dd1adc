package io.postflight.schema.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes fields in the form used in all JSON documents: camelCase names, times in RFC 3339 and UTC,
 * and fields without a value omitted.
 */
public final class JsonFields {
  private JsonFields() {}

  /**
   * A time such as {@code 2025-10-17T00:00:26Z}, with three fractional digits if there are
   * milliseconds.
   *
   * @param millis epoch milliseconds
   */
  public static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  /** Writes a text, if there is one. */
  public static void text(JsonGenerator out, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      out.writeStringField(name, value);
    }
  }

  /** Writes a time given in epoch milliseconds, if there is one. */
  public static void time(JsonGenerator out, String name, @Nullable Long millis)
      throws IOException {
    if (millis != null) {
      out.writeStringField(name, time(millis));
    }
  }

  /** Writes {@code error}, if there is one. */
  public static void error(JsonGenerator out, @Nullable EventError error) throws IOException {
    if (error != null) {
      out.writeObjectFieldStart("error");
      text(out, "code", error.getCode());
      text(out, "title", error.getTitle());
      text(out, "detail", error.getDetail());
      out.writeEndObject();
    }
  }

  /** Writes {@code price}, if there is one. Its amount is a string, to avoid rounding. */
  public static void price(JsonGenerator out, @Nullable Price price) throws IOException {
    if (price != null) {
      out.writeObjectFieldStart("price");
      text(out, "amount", price.getAmount());
      text(out, "currency", price.getCurrency());
      text(out, "category", price.getCategory());
      Boolean billable = price.getBillable();
      if (billable != null) {
        out.writeBooleanField("billable", billable);
      }
      out.writeEndObject();
    }
  }

  /** Writes {@code attributes}, sorted by name, even if empty. */
  public static void attributes(JsonGenerator out, Map<String, String> attributes)
      throws IOException {
    out.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> attribute : new TreeMap<>(attributes).entrySet()) {
      out.writeStringField(attribute.getKey(), attribute.getValue());
    }
    out.writeEndObject();
  }
}
