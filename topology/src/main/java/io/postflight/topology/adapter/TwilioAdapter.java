package io.postflight.topology.adapter;

import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.text.AsciiCase;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Twilio: callbacks as encoded forms, and Event Streams as arrays of CloudEvents. The format is
 * determined by the content type, else by the first character.
 */
final class TwilioAdapter implements ProviderAdapter {
  /** Both formats use the same names, in different case. */
  static final StatusNames STATUSES =
      new StatusNames(
          Map.ofEntries(
              Map.entry("accepted", Status.ACCEPTED),
              Map.entry("scheduled", Status.ACCEPTED),
              Map.entry("pending", Status.ACCEPTED),
              Map.entry("queued", Status.QUEUED),
              Map.entry("sending", Status.SENDING),
              Map.entry("sent", Status.SENT),
              Map.entry("delivered", Status.DELIVERED),
              Map.entry("read", Status.READ),
              Map.entry("undelivered", Status.FAILED),
              Map.entry("failed", Status.FAILED),
              Map.entry("canceled", Status.CANCELED),
              Map.entry("receiving", Status.RECEIVED),
              Map.entry("received", Status.RECEIVED),
              Map.entry("partially_delivered", Status.ANNOTATION)));

  private final TwilioForms forms;
  private final TwilioEventStreams streams;

  TwilioAdapter(JsonBodies json) {
    this.forms = new TwilioForms(json);
    this.streams = new TwilioEventStreams(json);
  }

  @Override
  public String provider() {
    return "twilio";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    if (payload.json()) {
      streams.read(payload, entries);
    } else {
      entries.add(forms.read(FormBody.read(payload)));
    }
  }

  /**
   * The channel of a message.
   *
   * @param named the channel as Twilio names it, or null
   * @param addresses of sender and recipient; a prefix, as in {@code whatsapp:+1…}, is the channel
   */
  static String channel(@Nullable String named, @Nullable String... addresses) {
    String known = knownChannel(named);
    for (int i = 0; known == null && i < addresses.length; i++) {
      String address = addresses[i];
      int colon = address == null ? -1 : address.indexOf(':');
      known = address == null || colon < 0 ? null : knownChannel(address.substring(0, colon));
    }
    return known == null ? "SMS" : known;
  }

  /** Whether this is the name of a channel through which people are reached. */
  static boolean isChannel(@Nullable String name) {
    return knownChannel(name) != null;
  }

  /** Whether a channel precedes the address. */
  static boolean hasChannel(String address) {
    int colon = address.indexOf(':');
    return colon > 0 && isChannel(address.substring(0, colon));
  }

  private static @Nullable String knownChannel(@Nullable String name) {
    return name == null
        ? null
        : switch (AsciiCase.lower(name)) {
          case "whatsapp" -> "WHATSAPP";
          case "messenger" -> "MESSENGER";
          case "rcs" -> "RCS";
          case "sms" -> "SMS";
          case "mms" -> "MMS";
          case "email" -> "EMAIL";
          case "call", "voice" -> "VOICE";
          case "push" -> "PUSH";
          default -> null;
        };
  }

  /**
   * The price of a message. Twilio's prices are negative: money that left the account.
   *
   * @return the charge; null if the amount is missing or not a plain decimal number
   */
  static @Nullable Price price(@Nullable String amount, @Nullable String unit) {
    if (amount == null) {
      return null;
    }
    String charged = amount.startsWith("-") ? amount.substring(1) : amount;
    return Decimals.isPlain(charged)
        ? new Price(charged, unit == null ? null : AsciiCase.upper(unit), null, null)
        : null;
  }
}
