package io.postflight.schema.signature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sinch: {@code x-sinch-webhook-signature}, base64 of HMAC-SHA256 over the raw body, a dot, the
 * nonce, a dot and the time in seconds, keyed with the webhook's secret. The Conversation API signs
 * if the webhook has a secret; the SMS API signs in the same way where Sinch has enabled it.
 */
final class SinchSignature implements SignatureCheck {
  static final String PROVIDER = "sinch";

  private static final String HEADER = "x-sinch-webhook-signature";
  private static final String TIME = "x-sinch-webhook-signature-timestamp";
  private static final String NONCE = "x-sinch-webhook-signature-nonce";
  private static final String ALGORITHM = "x-sinch-webhook-signature-algorithm";
  private static final String HMAC = "HmacSHA256";
  private static final String SECRET = "webhookSecret";

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    List<String> keys = secrets.all(SECRET);
    if (keys.isEmpty()) {
      return SignatureResult.refused(ProviderSecrets.missing(PROVIDER, SECRET), HEADER);
    }
    String nonce = request.header(NONCE);
    String time = request.header(TIME);
    String algorithm = request.header(ALGORITHM);
    if (algorithm != null && !algorithm.strip().equalsIgnoreCase(HMAC)) {
      return SignatureResult.refused(ALGORITHM + " is not " + HMAC, HEADER);
    }
    if (nonce == null || time == null) {
      String absent = request.header(HEADER) == null ? HEADER : nonce == null ? NONCE : TIME;
      return SignatureResult.refused("missing header " + absent, HEADER);
    }
    List<String> expected = new ArrayList<>(2);
    for (String key : keys) {
      expected.add(value(key, request, nonce, time));
    }
    String given = request.header(HEADER);
    SignatureResult result =
        SignatureResult.compared(
            HEADER,
            given == null ? null : given.strip(),
            expected,
            "the signature is valid",
            HEADER + " does not match the body, the nonce and the time");
    String problem = result.accepted() ? SignedTime.problem(request, TIME, time) : null;
    return problem == null ? result : SignatureResult.refused(problem, HEADER);
  }

  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    String key = secrets.current(PROVIDER, SECRET);
    String time = Long.toString(request.receivedAt() / 1000);
    String nonce = request.bodySha256().substring(0, 26);
    return new Signature(
        request.url(),
        Map.of(
            HEADER, value(key, request, nonce, time), TIME, time, NONCE, nonce, ALGORITHM, HMAC));
  }

  private static String value(String key, SignedRequest request, String nonce, String time) {
    byte[] rest = ('.' + nonce + '.' + time).getBytes(StandardCharsets.UTF_8);
    byte[] mac = Digests.hmacSha256(key.getBytes(StandardCharsets.UTF_8), request.body(), rest);
    return Base64.getEncoder().encodeToString(mac);
  }

  @Override
  public boolean coversTime() {
    return true;
  }

  @Override
  public List<String> secretNames() {
    return List.of(SECRET);
  }

  @Override
  public Set<String> evidence() {
    return Set.of(HEADER, TIME, NONCE, ALGORITHM);
  }
}
