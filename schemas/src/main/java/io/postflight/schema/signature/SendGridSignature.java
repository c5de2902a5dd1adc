package io.postflight.schema.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SendGrid: {@code X-Twilio-Email-Event-Webhook-Signature}, base64 of an ECDSA signature with
 * SHA-256 over the time in seconds and the raw body. The tenant's secret is SendGrid's public key
 * for the webhook, base64 as its console shows it. Only SendGrid has the private key; {@code
 * signingKey} is one of one's own, for tests.
 */
final class SendGridSignature implements SignatureCheck {
  static final String PROVIDER = "sendgrid";

  private static final String HEADER = "X-Twilio-Email-Event-Webhook-Signature";
  private static final String TIME = "X-Twilio-Email-Event-Webhook-Timestamp";
  private static final String SECRET = "verificationKey";
  private static final String SIGNING = "signingKey";
  private static final String ALGORITHM = "SHA256withECDSA";
  private static final int MAX_KEYS = 256;

  private final ParsedKeys parsed = new ParsedKeys();

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    List<String> keys = secrets.all(SECRET);
    if (keys.isEmpty()) {
      return SignatureResult.refused(ProviderSecrets.missing(PROVIDER, SECRET), HEADER);
    }
    String given = request.header(HEADER);
    String time = request.header(TIME);
    if (given == null || time == null) {
      return SignatureResult.refused("missing header " + (given == null ? HEADER : TIME), HEADER);
    }
    byte[] signature = Digests.base64(given);
    if (signature == null) {
      return SignatureResult.refused(HEADER + " is not base64", HEADER);
    }
    String problem = SignedTime.problem(request, TIME, time);
    if (problem != null) {
      return SignatureResult.refused(problem, HEADER);
    }
    for (String each : keys) {
      PublicKey key = parsed.get(each);
      if (key == null) {
        return SignatureResult.refused(
            "the tenant's secret '" + SECRET + "' is not a public key in base64", HEADER);
      }
      if (verifies(key, signature, time, request)) {
        return SignatureResult.accepted("the signature is valid", HEADER);
      }
    }
    return SignatureResult.refused(HEADER + " does not match the time and the body", HEADER);
  }

  private static boolean verifies(
      PublicKey key, byte[] signature, String time, SignedRequest request) {
    try {
      java.security.Signature check = java.security.Signature.getInstance(ALGORITHM);
      check.initVerify(key);
      check.update(time.getBytes(StandardCharsets.UTF_8));
      check.update(request.body());
      return check.verify(signature);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }

  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    List<String> keys = secrets.all(SIGNING);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "only SendGrid has the private key of provider '"
              + PROVIDER
              + "'; set a key pair of your own as '"
              + SECRET
              + "' and '"
              + SIGNING
              + "' to send tests");
    }
    String time = Long.toString(request.receivedAt() / 1000);
    try {
      PrivateKey key = privateKey(keys.get(0));
      java.security.Signature signer = java.security.Signature.getInstance(ALGORITHM);
      signer.initSign(key);
      signer.update(time.getBytes(StandardCharsets.UTF_8));
      signer.update(request.body());
      return new Signature(
          request.url(),
          Map.of(HEADER, Base64.getEncoder().encodeToString(signer.sign()), TIME, time));
    } catch (GeneralSecurityException | IllegalArgumentException invalid) {
      throw new IllegalArgumentException(
          "the tenant's secret '" + SIGNING + "' is not a private key in base64", invalid);
    }
  }

  /** Keys that were used last, by secret: they are not parsed for each webhook. */
  private static final class ParsedKeys {
    private final Map<String, PublicKey> keys = new LinkedHashMap<>(16, 0.75f, true);

    /** The key of a secret; null: it is none. */
    synchronized @Nullable PublicKey get(String secret) {
      PublicKey key = keys.get(secret);
      if (key == null) {
        key = publicKey(secret);
        if (key != null) {
          keys.put(secret, key);
        }
        if (keys.size() > MAX_KEYS) {
          keys.remove(keys.keySet().iterator().next());
        }
      }
      return key;
    }
  }

  /** The private key of a secret; fails if it is none. */
  private static PrivateKey privateKey(String secret) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(secret)));
  }

  @Override
  public @Nullable String allowedInstead(String name, String value) {
    if (name.equals(SECRET)) {
      return publicKey(value) == null
          ? "the verification key that SendGrid shows, an EC public key in base64"
          : null;
    }
    if (!name.equals(SIGNING)) {
      return null;
    }
    try {
      privateKey(value);
      return null;
    } catch (GeneralSecurityException | IllegalArgumentException invalid) {
      return "an EC private key, PKCS #8 in base64";
    }
  }

  /** The key of a secret, with or without the lines of PEM; null: it is none. */
  private static @Nullable PublicKey publicKey(String secret) {
    byte[] encoded =
        Digests.base64(secret.replaceAll("-----[A-Z ]{1,32}-----", "").replaceAll("\\s", ""));
    if (encoded == null) {
      return null;
    }
    try {
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException malformed) {
      return null;
    }
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
  public List<String> optionalSecrets() {
    return List.of(SIGNING);
  }

  @Override
  public Set<String> evidence() {
    return Set.of(
        "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp");
  }
}
