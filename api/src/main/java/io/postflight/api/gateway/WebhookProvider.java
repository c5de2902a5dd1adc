package io.postflight.api.gateway;

import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.TwilioSignature;
import io.postflight.schema.signature.WhatsAppSignature;
import java.util.Optional;

/**
 * A provider of webhooks.
 *
 * @param name as in the webhook's path
 * @param signature its signature scheme
 * @param onGet handling of its GET requests
 */
record WebhookProvider(String name, SignatureCheck signature, OnGet onGet) {
  /** Handling of GET requests. */
  enum OnGet {
    /** Rejected with 405. */
    REFUSED,
    /** Meta's verification of a callback URL. */
    VERIFICATION,
    /** A callback with its content in the query string. */
    CALLBACK
  }

  static Optional<WebhookProvider> of(String name) {
    return SignatureChecks.of(name).map(check -> new WebhookProvider(name, check, onGet(name)));
  }

  String allowedMethods() {
    return onGet == OnGet.REFUSED ? "POST" : "GET, POST";
  }

  private static OnGet onGet(String name) {
    return switch (name) {
      case WhatsAppSignature.PROVIDER -> OnGet.VERIFICATION;
      case TwilioSignature.PROVIDER -> OnGet.CALLBACK;
      default -> OnGet.REFUSED;
    };
  }
}
