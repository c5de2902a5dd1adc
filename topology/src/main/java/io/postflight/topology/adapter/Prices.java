package io.postflight.topology.adapter;

import io.postflight.schema.event.Price;
import io.postflight.schema.text.AsciiCase;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The price that a provider charges for a message. */
final class Prices {
  private static final int MAX_CHARS = 32;
  private static final int MAX_SCALE = 18;

  private Prices() {}

  /**
   * A price; null if the amount is missing or no decimal number. A number with an exponent is
   * written without it.
   */
  static @Nullable Price of(@Nullable String amount, @Nullable String currency) {
    String plain = plain(amount);
    return plain == null
        ? null
        : new Price(plain, currency == null ? null : AsciiCase.upper(currency), null, null);
  }

  private static @Nullable String plain(@Nullable String amount) {
    if (amount == null || Decimals.isPlain(amount)) {
      return amount;
    }
    if (amount.length() > MAX_CHARS) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(amount);
      return Math.abs((long) number.scale()) > MAX_SCALE ? null : number.toPlainString();
    } catch (NumberFormatException none) {
      return null;
    }
  }
}
