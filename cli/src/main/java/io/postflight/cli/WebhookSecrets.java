package io.postflight.cli;

import io.postflight.api.signature.SignatureChecks;
import io.postflight.operations.OperationException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The secrets that webhooks of a provider are signed with. */
final class WebhookSecrets {
  private static final Map<String, String> NAME_BY_PROVIDER =
      Map.of(
          "whatsapp", "appSecret",
          "wasender", "webhookSecret",
          "twilio", "authToken",
          "events", "signingSecret");

  private WebhookSecrets() {}

  /**
   * Those to use: the one given, else those of the deployment; empty if there are none.
   *
   * @param given as given with --secret, or null
   * @param known of the tenant, per provider
   */
  static Map<String, String> of(
      String provider, @Nullable String given, Map<String, Map<String, String>> known) {
    if (given != null) {
      return Map.of(NAME_BY_PROVIDER.getOrDefault(provider, "secret"), given);
    }
    return known.getOrDefault(provider, Map.of());
  }

  /** Refuses a provider whose webhooks are not taken. */
  static void requireProvider(String provider) {
    if (!SignatureChecks.providers().contains(provider)) {
      throw OperationException.usage(
          "--provider "
              + provider
              + " is not known; allowed: "
              + String.join(", ", SignatureChecks.providers()));
    }
  }
}
