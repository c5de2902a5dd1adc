package io.postflight.schema.signature;

import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.tenant.ApiKey;
import java.util.List;
import java.util.Set;

/**
 * Events in our own form: {@code X-Postflight-Signature: sha256=<hex HMAC-SHA256 over the raw
 * bytes>}, keyed with the tenant's signing secret; or else an API key of the tenant with scope
 * {@code write}.
 */
public final class EventsSignature implements SignatureCheck {
  /** Name of the provider in a webhook's path. */
  public static final String PROVIDER = "events";

  private static final String SCOPE = "write";

  private final HexHmac hmac = new HexHmac(PROVIDER, "X-Postflight-Signature", "signingSecret");

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    SignatureResult signed = hmac.check(request, secrets);
    if (signed.accepted()) {
      return signed;
    }
    return ApiKeys.ofBearer(request.header("authorization"))
        .map(
            key ->
                hasKey(secrets.keys(), key)
                    ? new SignatureResult(true, "the API key is valid", "Authorization", List.of())
                    : SignatureResult.refused(
                        "Authorization is not an API key of this tenant with scope write",
                        "Authorization"))
        .orElse(signed);
  }

  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    return hmac.sign(request, secrets);
  }

  @Override
  public List<String> secretNames() {
    return List.of(hmac.secret());
  }

  @Override
  public Set<String> evidence() {
    return Set.of("x-postflight-signature");
  }

  private static boolean hasKey(List<ApiKey> keys, String given) {
    return Digests.isAnyOf(
        keys.stream()
            .filter(key -> key.getScopes().contains(SCOPE))
            .map(ApiKey::getSha256)
            .toList(),
        ApiKeys.sha256(given));
  }
}
