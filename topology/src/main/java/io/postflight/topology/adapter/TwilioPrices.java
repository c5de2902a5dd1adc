package io.postflight.topology.adapter;

import io.postflight.schema.event.Price;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Twilio's prices, which are negative (money that left the account); converted to the charge. */
final class TwilioPrices {
  private TwilioPrices() {}

  /** The price; null if the amount is missing or not a plain decimal number. */
  static @Nullable Price of(@Nullable String amount, @Nullable String unit) {
    if (amount == null) {
      return null;
    }
    String charged = amount.startsWith("-") ? amount.substring(1) : amount;
    return Decimals.isPlain(charged)
        ? new Price(charged, unit == null ? null : unit.toUpperCase(Locale.ROOT), null, null)
        : null;
  }
}
