package io.postflight.schema.signature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turn.io: {@code X-Turn-Hook-Signature}, base64 of HMAC-SHA256 over the raw body, keyed with the
 * webhook's secret.
 */
final class TurnSignature implements SignatureCheck {
  private static final String HEADER = "X-Turn-Hook-Signature";
  private static final String SECRET = "hookSecret";

  private final String provider;

  TurnSignature(String provider) {
    this.provider = provider;
  }

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    List<String> expected = new ArrayList<>(2);
    for (String secret : secrets.all(SECRET)) {
      expected.add(value(secret, request));
    }
    if (expected.isEmpty()) {
      return SignatureResult.refused(ProviderSecrets.missing(provider, SECRET), HEADER);
    }
    String given = request.header(HEADER);
    return SignatureResult.compared(
        HEADER,
        given == null ? null : given.strip(),
        expected,
        "the signature is valid",
        HEADER + " does not match the body");
  }

  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    return new Signature(
        request.url(), Map.of(HEADER, value(secrets.current(provider, SECRET), request)));
  }

  private static String value(String secret, SignedRequest request) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(Digests.hmacSha256(key, request.body()));
  }

  @Override
  public List<String> secretNames() {
    return List.of(SECRET);
  }

  @Override
  public Set<String> evidence() {
    return Set.of("x-turn-hook-signature");
  }
}
