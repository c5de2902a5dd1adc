package io.postflight.api.gateway;

import io.postflight.api.signature.SignatureCheck;
import io.postflight.api.signature.SignatureChecks;
import io.postflight.api.signature.TwilioSignature;
import io.postflight.api.signature.WhatsAppSignature;
import java.util.Optional;

/**
 * A provider as the gateway sees it.
 *
 * @param name as in the webhook's address
 * @param signature how it signs
 * @param onGet what a GET from it means
 */
record WebhookProvider(String name, SignatureCheck signature, OnGet onGet) {
  /** What a GET means. */
  enum OnGet {
    /** Nothing: 405. */
    REFUSED,
    /** Meta asks whether the address is the tenant's. */
    VERIFICATION,
    /** A callback whose content is the query string. */
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
