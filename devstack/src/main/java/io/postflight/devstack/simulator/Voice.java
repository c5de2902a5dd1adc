package io.postflight.devstack.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How a provider puts moments into the body of a call. */
interface Voice {
  /** The body; all moments are of one tenant. */
  byte[] tell(List<Moment> moments);

  /** Whether a call may have several moments. */
  boolean tellsSeveral();

  /** Content type of the body. */
  default String contentType() {
    return SimulatedWebhook.JSON;
  }

  /** Headers that the provider sends besides. */
  default Map<String, String> headers(Moment first) {
    return Map.of();
  }

  /** The voice of a provider. */
  static Voice of(String provider) {
    return switch (provider) {
      case "whatsapp" -> WhatsAppVoice.INSTANCE;
      case "wasender" -> WasenderVoice.INSTANCE;
      case "twilio" -> TwilioVoice.INSTANCE;
      case "events" -> EventsVoice.INSTANCE;
      default -> throw new IllegalArgumentException("provider '" + provider + "' is not simulated");
    };
  }

  /** What is left when a connection breaks: never the end of the body. */
  static byte[] torn(byte[] body) {
    return Arrays.copyOf(body, body.length * 2 / 3);
  }
}
