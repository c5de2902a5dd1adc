package io.postflight.schema.signature;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Standard Webhooks: {@code webhook-signature}, HMAC-SHA256 over {@code webhook-id}, {@code
 * webhook-timestamp} and the raw body; the header may have several signatures, separated by blanks.
 * The values are computed by the library of the specification; the time is compared with that of
 * arrival. The secret is base64, with or without {@code whsec_} in front.
 *
 * @see <a href="https://www.standardwebhooks.com">Standard Webhooks</a>
 */
final class StandardSignature implements SignatureCheck {
  static final String PROVIDER = "standard";

  private static final String HEADER = "webhook-signature";
  private static final String ID = "webhook-id";
  private static final String TIME = "webhook-timestamp";
  private static final String SECRET = "signingSecret";

  /** Signatures in a header: two during rotation of the sender's key. */
  private static final int MAX_SIGNATURES = 16;

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    List<String> keys = secrets.all(SECRET);
    if (keys.isEmpty()) {
      return SignatureResult.refused(ProviderSecrets.missing(PROVIDER, SECRET), HEADER);
    }
    String given = request.header(HEADER);
    String id = request.header(ID);
    String time = request.header(TIME);
    if (given == null || id == null || time == null) {
      String absent = given == null ? HEADER : id == null ? ID : TIME;
      return SignatureResult.refused("missing header " + absent, HEADER);
    }
    String problem = SignedTime.problem(request, TIME, time);
    if (problem != null) {
      return SignatureResult.refused(problem, HEADER);
    }
    try {
      List<String> expected = new ArrayList<>(2);
      for (String key : keys) {
        expected.add(value(key, id, time.strip(), request.body()));
      }
      boolean accepted = false;
      for (String each : given.strip().split(" ", MAX_SIGNATURES)) {
        accepted |= Digests.isAnyOf(expected, each);
      }
      return new SignatureResult(
          accepted,
          accepted
              ? "the signature is valid"
              : HEADER + " does not match the id, the time and the body",
          HEADER,
          expected);
    } catch (IllegalArgumentException invalid) {
      return SignatureResult.refused(String.valueOf(invalid.getMessage()), HEADER);
    }
  }

  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    String key = secrets.current(PROVIDER, SECRET);
    String id = "msg_" + request.bodySha256().substring(0, 24);
    String time = Long.toString(request.receivedAt() / 1000);
    return new Signature(
        request.url(), Map.of(ID, id, TIME, time, HEADER, value(key, id, time, request.body())));
  }

  /**
   * The signature of a body.
   *
   * @throws IllegalArgumentException if the secret is not base64, or the body not UTF-8
   */
  private static String value(String key, String id, String time, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body)) {
      throw new IllegalArgumentException("the body is not UTF-8");
    }
    Webhook webhook;
    try {
      webhook = new Webhook(key);
    } catch (IllegalArgumentException invalid) {
      throw new IllegalArgumentException(
          "the tenant's secret '" + SECRET + "' of provider 'standard' is not base64", invalid);
    }
    try {
      return webhook.sign(id, Long.parseLong(time), text);
    } catch (WebhookSigningException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }

  @Override
  public boolean coversTime() {
    return true;
  }

  @Override
  public @Nullable String allowedInstead(String name, String value) {
    if (!name.equals(SECRET)) {
      return null;
    }
    try {
      value(value, "msg_1", "0", new byte[0]);
      return null;
    } catch (IllegalArgumentException invalid) {
      return "base64, with or without whsec_ in front";
    }
  }

  @Override
  public List<String> secretNames() {
    return List.of(SECRET);
  }

  @Override
  public Set<String> evidence() {
    return Set.of(HEADER, ID, TIME);
  }
}
