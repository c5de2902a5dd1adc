package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.text.AsciiCase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parts of an entry of {@code events} that are no texts: error, price and lists of ids. */
final class EventsDetails {
  /** Maximum length of an id, characters. */
  static final int MAX_ID_CHARS = 512;

  /** Control characters and unpaired surrogates. */
  static final Pattern INVALID_IN_ID = Pattern.compile("[\\p{Cc}\\p{Cs}]");

  private static final Pattern CURRENCY = Pattern.compile("[A-Za-z]{3}");

  private EventsDetails() {}

  static @Nullable EventError error(FlatObject fields) {
    return fields.has("error")
        ? new EventError(
            fields.get("error.code"), fields.get("error.title"), fields.get("error.detail"))
        : null;
  }

  static @Nullable Price price(EventDraft draft, FlatObject fields) {
    if (!fields.has("price")) {
      return null;
    }
    String amount = fields.get("price.amount");
    if (amount != null && !Decimals.isPlain(amount)) {
      EventsAdapter.malformed(draft, "price.amount is not a plain decimal number, such as 0.05");
    }
    String currency = fields.get("price.currency");
    if (currency != null && !CURRENCY.matcher(currency).matches()) {
      EventsAdapter.malformed(draft, "price.currency is not a code of ISO 4217, such as EUR");
    }
    String billable = fields.get("price.billable");
    if (billable != null && !billable.equals("true") && !billable.equals("false")) {
      EventsAdapter.malformed(draft, "price.billable is neither true nor false");
    }
    return new Price(
        amount,
        currency == null ? null : AsciiCase.upper(currency),
        fields.get("price.category"),
        billable == null ? null : Boolean.valueOf(billable));
  }

  /**
   * Reads a list of ids; the parser is at its first token and is left at its last one.
   *
   * @param path of the list
   */
  static List<String> ids(JsonParser parser, EventDraft draft, String path) throws IOException {
    List<String> ids = new ArrayList<>();
    JsonToken element;
    while ((element = parser.nextToken()) != JsonToken.END_ARRAY) {
      boolean valid =
          element.isScalarValue()
              && element != JsonToken.VALUE_NULL
              && !JsonBodies.isInvalidId(parser);
      String id = valid ? JsonBodies.scalar(parser) : "";
      parser.skipChildren();
      if (id.isBlank() || id.length() > MAX_ID_CHARS || INVALID_IN_ID.matcher(id).find()) {
        EventsAdapter.malformed(
            draft,
            ("each of %s must be a whole number or a text of 1 to %d characters, none of them a"
                    + " control character")
                .formatted(path, MAX_ID_CHARS));
      } else if (ids.size() == EventDraft.MAX_ALIASES) {
        EventsAdapter.malformed(
            draft, path + " has too many entries; allowed: at most " + EventDraft.MAX_ALIASES);
      } else {
        ids.add(id);
      }
    }
    return ids;
  }
}
