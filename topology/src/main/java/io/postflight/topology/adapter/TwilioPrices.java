package io.postflight.topology.adapter;

import io.postflight.schema.event.Price;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Twilio's prices, which are negative: money that left the account. Kept as what is charged. */
final class TwilioPrices {
  private TwilioPrices() {}

  /** The price; null where the amount is missing or is no plain decimal number. */
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
