package io.postflight.operations.client;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs webhooks as the providers do. The secrets are those of the tenant's record: whatsapp {@code
 * appSecret}, wasender {@code webhookSecret}, twilio {@code authToken}, events {@code
 * signingSecret}.
 */
public final class WebhookSigner {
  /** Content type of a form. */
  static final String FORM = "application/x-www-form-urlencoded";

  private WebhookSigner() {}

  /**
   * The signature headers of a webhook; empty if the tenant has no secret for the provider, or if
   * the provider is not supported.
   *
   * @param secrets the tenant's secrets for the provider
   * @param url the URL that is called, as configured at the provider
   * @param contentType of the body; Twilio signs a form differently from JSON
   */
  public static Map<String, String> headers(
      String provider,
      Map<String, String> secrets,
      String url,
      @Nullable String contentType,
      byte[] body) {
    return switch (provider) {
      case "whatsapp" ->
          header(secrets, "appSecret", "X-Hub-Signature-256", key -> sha256(key, body));
      case "events" ->
          header(secrets, "signingSecret", "X-Postflight-Signature", key -> sha256(key, body));
      case "wasender" -> header(secrets, "webhookSecret", "X-Webhook-Signature", key -> key);
      case "twilio" ->
          header(
              secrets,
              "authToken",
              "X-Twilio-Signature",
              key -> twilio(key, url, isForm(contentType) ? body : new byte[0]));
      default -> Map.of();
    };
  }

  /**
   * The URL that Twilio calls with a JSON body: the body's hash is in the query string and covered
   * by the signature.
   */
  public static String twilioJsonUrl(String url, byte[] body) {
    try {
      String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
      return url + (url.contains("?") ? "&" : "?") + "bodySHA256=" + hash;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Map<String, String> header(
      Map<String, String> secrets,
      String secretName,
      String header,
      UnaryOperator<String> signature) {
    String secret = secrets.get(secretName);
    return secret == null ? Map.of() : Map.of(header, signature.apply(secret));
  }

  private static boolean isForm(@Nullable String contentType) {
    return contentType != null && contentType.startsWith(FORM);
  }

  private static String sha256(String secret, byte[] body) {
    return "sha256=" + HexFormat.of().formatHex(mac("HmacSHA256", secret, body));
  }

  /** The address, then each parameter's name and value, in the order of the names. */
  private static String twilio(String token, String url, byte[] form) {
    Map<String, TreeSet<String>> parameters = new TreeMap<>();
    for (String field : new String(form, StandardCharsets.UTF_8).split("&")) {
      if (!field.isEmpty()) {
        int equals = field.indexOf('=');
        String name = equals < 0 ? field : field.substring(0, equals);
        String value = equals < 0 ? "" : field.substring(equals + 1);
        parameters.computeIfAbsent(decoded(name), unused -> new TreeSet<>()).add(decoded(value));
      }
    }
    StringBuilder signed = new StringBuilder(url);
    parameters.forEach(
        (name, values) -> values.forEach(value -> signed.append(name).append(value)));
    return Base64.getEncoder()
        .encodeToString(mac("HmacSHA1", token, signed.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static byte[] mac(String algorithm, String secret, byte[] signed) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
      return mac.doFinal(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
