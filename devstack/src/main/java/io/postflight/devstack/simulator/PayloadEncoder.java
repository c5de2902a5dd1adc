package io.postflight.devstack.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Encodes simulated events as the request body of a provider's webhook. */
interface PayloadEncoder {
  /** The request body; all events belong to one tenant. */
  byte[] encode(List<SimulatedEvent> events);

  /** Whether one request may carry several events. */
  boolean supportsBatches();

  /** Content type of the body. */
  default String contentType() {
    return SimulatedWebhook.JSON;
  }

  /** Additional headers that the provider sends. */
  default Map<String, String> headers(SimulatedEvent first) {
    return Map.of();
  }

  /** The encoder for a provider. */
  static PayloadEncoder of(String provider) {
    return switch (provider) {
      case "whatsapp" -> WhatsAppEncoder.INSTANCE;
      case "wasender" -> WasenderEncoder.INSTANCE;
      case "twilio" -> TwilioEncoder.INSTANCE;
      case "events" -> EventsEncoder.INSTANCE;
      default -> throw new IllegalArgumentException("provider '" + provider + "' is not simulated");
    };
  }

  /** A body whose end is missing, as after a broken connection. */
  static byte[] truncated(byte[] body) {
    return Arrays.copyOf(body, body.length * 2 / 3);
  }
}
