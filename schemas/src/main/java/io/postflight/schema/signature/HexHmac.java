package io.postflight.schema.signature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code <header>: sha256=<hex HMAC-SHA256 over the raw bytes>}, the scheme introduced by Meta.
 *
 * @param provider the provider
 * @param header the header with the signature
 * @param secret name of the tenant's secret
 */
record HexHmac(String provider, String header, String secret) {
  private static final String PREFIX = "sha256=";

  SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    List<String> expected = new ArrayList<>(2);
    for (String each : secrets.all(secret)) {
      expected.add(value(each, request.body()));
    }
    if (expected.isEmpty()) {
      return SignatureResult.refused(ProviderSecrets.missing(provider, secret), header);
    }
    String given = request.header(header);
    return SignatureResult.compared(
        header,
        given == null ? null : given.strip().toLowerCase(Locale.ROOT),
        expected,
        "the signature is valid",
        header + " does not match the body");
  }

  Signature sign(SignedRequest request, ProviderSecrets secrets) {
    String current = secrets.current(provider, secret);
    return new Signature(request.url(), Map.of(header, value(current, request.body())));
  }

  private static String value(String secret, byte[] body) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    return PREFIX + HexFormat.of().formatHex(Digests.hmacSha256(key, body));
  }
}
