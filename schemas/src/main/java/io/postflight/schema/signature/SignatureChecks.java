package io.postflight.schema.signature;

import io.postflight.schema.tenant.Tenant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The signature schemes by provider. */
public final class SignatureChecks {
  private static final Map<String, SignatureCheck> BY_PROVIDER =
      Map.of(
          WhatsAppSignature.PROVIDER, new WhatsAppSignature(),
          WaSenderSignature.PROVIDER, new WaSenderSignature(),
          TwilioSignature.PROVIDER, new TwilioSignature(),
          EventsSignature.PROVIDER, new EventsSignature());

  private SignatureChecks() {}

  /** The scheme of a provider, named as in the webhook's path. */
  public static Optional<SignatureCheck> of(String provider) {
    return Optional.ofNullable(BY_PROVIDER.get(provider));
  }

  /** Names of all providers, sorted. */
  public static Set<String> providers() {
    return new TreeSet<>(BY_PROVIDER.keySet());
  }

  /**
   * Signs a request as its provider does; without headers if there is no secret for it.
   *
   * @param secrets of the tenant for the provider, by name
   * @throws IllegalArgumentException if the body is not what the provider signs
   */
  public static Signature sign(
      String provider, SignedRequest request, Map<String, String> secrets) {
    return of(provider)
        .filter(check -> !secrets.getOrDefault(check.secretNames().get(0), "").isEmpty())
        .map(check -> check.sign(request, ProviderSecrets.of(secrets)))
        .orElseGet(() -> new Signature(request.url(), Map.of()));
  }

  /** Whether a tenant has a secret for a provider that signs the request URL. */
  public static boolean needUrl(Tenant tenant) {
    return tenant.getSecrets().entrySet().stream()
        .filter(each -> !each.getValue().isEmpty())
        .anyMatch(each -> of(each.getKey()).map(SignatureCheck::coversUrl).orElse(false));
  }
}
