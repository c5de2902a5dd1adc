package io.postflight.schema.signature;

import java.util.List;
import java.util.Set;

/**
 * Meta's Cloud API: {@code X-Hub-Signature-256}, keyed with the app's secret, over the raw body.
 * Meta escapes non-ASCII characters before signing: a body that was parsed and serialized again
 * does not verify.
 */
public final class WhatsAppSignature implements SignatureCheck {
  /** Name of the provider in a webhook's path. */
  public static final String PROVIDER = "whatsapp";

  private static final String VERIFY_TOKEN = "verifyToken";

  private final HexHmac hmac = new HexHmac(PROVIDER, "X-Hub-Signature-256", "appSecret");

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    return hmac.check(request, secrets);
  }

  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    return hmac.sign(request, secrets);
  }

  @Override
  public List<String> secretNames() {
    return List.of(hmac.secret(), VERIFY_TOKEN);
  }

  @Override
  public List<String> verificationSecrets() {
    return List.of(VERIFY_TOKEN);
  }

  @Override
  public Set<String> evidence() {
    return Set.of("x-hub-signature-256");
  }

  /** Whether the token of Meta's verification request matches; in constant time. */
  public boolean verifies(String token, ProviderSecrets secrets) {
    return Digests.isAnyOf(secrets.all(VERIFY_TOKEN), token);
  }
}
