package io.postflight.schema.signature;

import io.postflight.schema.tenant.Tenant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The signature schemes by provider. */
public final class SignatureChecks {
  /** Name of the provider of Amazon's events in a webhook's path. */
  public static final String AWS = "aws";

  private static final String ONPREM = "whatsapp-onprem";
  private static final String INFOBIP = "infobip";
  private static final String FIRETEXT = "firetext";

  /** Every provider: a new one is registered here and among the adapters of the topology. */
  private static final Map<String, SignatureCheck> BY_PROVIDER =
      Map.ofEntries(
          Map.entry(WhatsAppSignature.PROVIDER, new WhatsAppSignature()),
          Map.entry(
              ONPREM, new EitherSignature(new TurnSignature(ONPREM), TokenSignature.of(ONPREM))),
          Map.entry(WaSenderSignature.PROVIDER, new WaSenderSignature()),
          Map.entry(TwilioSignature.PROVIDER, new TwilioSignature()),
          Map.entry(
              VonageSignature.PROVIDER,
              new EitherSignature(
                  new VonageSignature(), TokenSignature.ofGet(VonageSignature.PROVIDER))),
          Map.entry(INFOBIP, TokenSignature.of(INFOBIP)),
          Map.entry(
              SinchSignature.PROVIDER,
              new EitherSignature(
                  new SinchSignature(), TokenSignature.of(SinchSignature.PROVIDER))),
          Map.entry(MessageBirdSignature.PROVIDER, new MessageBirdSignature()),
          Map.entry(SendGridSignature.PROVIDER, new SendGridSignature()),
          Map.entry(AWS, ofAws(SnsCertificates.overHttps())),
          Map.entry(FIRETEXT, TokenSignature.ofGet(FIRETEXT)),
          Map.entry(StandardSignature.PROVIDER, new StandardSignature()),
          Map.entry(EventsSignature.PROVIDER, new EventsSignature()));

  private SignatureChecks() {}

  /** The scheme of a provider, named as in the webhook's path. */
  public static Optional<SignatureCheck> of(String provider) {
    return Optional.ofNullable(BY_PROVIDER.get(provider));
  }

  /**
   * The scheme of Amazon's events with other certificates: SNS signs them, Firehose gives its
   * access key.
   */
  public static SignatureCheck ofAws(SnsCertificates certificates) {
    return new EitherSignature(
        new SnsSignature(certificates),
        TokenSignature.of(AWS, "accessKey", "X-Amz-Firehose-Access-Key"),
        false);
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
        .filter(check -> hasSecret(check, secrets))
        .map(check -> check.sign(request, ProviderSecrets.of(secrets)))
        .orElseGet(() -> new Signature(request.url(), Map.of()));
  }

  private static boolean hasSecret(SignatureCheck check, Map<String, String> secrets) {
    return check.secretNames().stream()
        .limit(check.oneSecretIsEnough() ? Long.MAX_VALUE : 1)
        .anyMatch(name -> !secrets.getOrDefault(name, "").isEmpty());
  }

  /** Names of the providers whose scheme has a property, sorted. */
  public static Set<String> providers(Predicate<SignatureCheck> property) {
    Set<String> names = providers();
    names.removeIf(name -> !property.test(of(name).orElseThrow()));
    return names;
  }

  /** Whether a tenant has a secret for a provider that signs the request URL. */
  public static boolean needUrl(Tenant tenant) {
    return tenant.getSecrets().entrySet().stream()
        .filter(each -> !each.getValue().isEmpty())
        .anyMatch(each -> of(each.getKey()).map(SignatureCheck::coversUrl).orElse(false));
  }
}
