package io.postflight.schema.signature;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * WASenderApi: {@code X-Webhook-Signature} is the secret itself. It proves knowledge of the secret,
 * not integrity of the body; over plain HTTP it proves nothing.
 */
public final class WaSenderSignature implements SignatureCheck {
  /** Name of the provider in a webhook's path. */
  public static final String PROVIDER = "wasender";

  private static final String HEADER = "X-Webhook-Signature";
  private static final String SECRET = "webhookSecret";

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    List<String> expected = secrets.all(SECRET);
    if (expected.isEmpty()) {
      return SignatureResult.refused(ProviderSecrets.missing(PROVIDER, SECRET), HEADER);
    }
    return SignatureResult.compared(
            HEADER,
            request.header(HEADER),
            expected,
            "the secret is valid",
            HEADER + " is not the tenant's secret")
        .withoutExpected();
  }

  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    return new Signature(request.url(), Map.of(HEADER, secrets.current(PROVIDER, SECRET)));
  }

  @Override
  public List<String> secretNames() {
    return List.of(SECRET);
  }

  /** None, since the header is the secret. */
  @Override
  public Set<String> evidence() {
    return Set.of();
  }
}
