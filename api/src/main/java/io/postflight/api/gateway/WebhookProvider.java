package io.postflight.api.gateway;

import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SnsCertificates;
import io.postflight.schema.signature.WhatsAppSignature;
import java.util.HashMap;
import java.util.Map;

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

  /**
   * All providers, by name.
   *
   * @param certificates of SNS
   */
  static Map<String, WebhookProvider> all(SnsCertificates certificates) {
    Map<String, WebhookProvider> byName = new HashMap<>();
    for (String name : SignatureChecks.providers()) {
      SignatureCheck check =
          name.equals(SignatureChecks.AWS)
              ? SignatureChecks.ofAws(certificates)
              : SignatureChecks.of(name).orElseThrow();
      byName.put(name, new WebhookProvider(name, check, onGet(name, check)));
    }
    return Map.copyOf(byName);
  }

  String allowedMethods() {
    return onGet == OnGet.REFUSED ? "POST" : "GET, POST";
  }

  private static OnGet onGet(String name, SignatureCheck check) {
    if (name.equals(WhatsAppSignature.PROVIDER)) {
      return OnGet.VERIFICATION;
    }
    return check.acceptsGet() ? OnGet.CALLBACK : OnGet.REFUSED;
  }
}
