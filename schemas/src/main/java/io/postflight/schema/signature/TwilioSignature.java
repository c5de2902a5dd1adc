package io.postflight.schema.signature;

import io.postflight.schema.signature.FormParameters.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Twilio: {@code X-Twilio-Signature}, base64 of HMAC-SHA1 keyed with the account's token.
 *
 * <p>A form: over the URL followed by every parameter's name and value, sorted by name; for a
 * repeated name its distinct values, sorted. Any other body: over the URL, which contains the
 * body's hash ({@code bodySHA256}); a body without it would not be covered and is rejected. Twilio
 * includes the port in the signed URL only sometimes, so both forms are tried.
 */
public final class TwilioSignature implements SignatureCheck {
  /** Name of the provider in a webhook's path. */
  public static final String PROVIDER = "twilio";

  private static final String HEADER = "X-Twilio-Signature";
  private static final String SECRET = "authToken";
  private static final String BODY_HASH = "bodySHA256";

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    List<String> tokens = secrets.all(SECRET);
    if (tokens.isEmpty()) {
      return SignatureResult.refused(ProviderSecrets.missing(PROVIDER, SECRET), HEADER);
    }
    String parameters = "";
    String bodyHash = queryParameter(request.url(), BODY_HASH);
    if (bodyHash != null) {
      if (!bodyHash.equalsIgnoreCase(Digests.sha256Hex(request.body()))) {
        return SignatureResult.refused(
            BODY_HASH + " in the URL is not the hash of the body", HEADER);
      }
    } else if (request.isForm()) {
      String signed = formParameters(request.body());
      if (signed == null) {
        return SignatureResult.refused("the form cannot be decoded", HEADER);
      }
      parameters = signed;
    } else if (!request.isGet()) {
      return SignatureResult.refused(
          "a body that is not a form requires its hash in the URL as " + BODY_HASH, HEADER);
    }

    List<String> expected = new ArrayList<>();
    for (String token : tokens) {
      for (String url : signedUrls(request.url())) {
        expected.add(signature(token, url + parameters));
      }
    }
    String given = request.header(HEADER);
    return SignatureResult.compared(
        HEADER,
        given == null ? null : given.strip(),
        expected,
        "the signature is valid",
        HEADER + " does not match the URL and the parameters; is the URL the public one?");
  }

  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    String token = secrets.current(PROVIDER, SECRET);
    if (request.isGet()) {
      return new Signature(request.url(), Map.of(HEADER, signature(token, request.url())));
    }
    if (request.isForm()) {
      String parameters = formParameters(request.body());
      if (parameters == null) {
        throw new IllegalArgumentException("the form cannot be decoded");
      }
      return new Signature(
          request.url(), Map.of(HEADER, signature(token, request.url() + parameters)));
    }
    String url =
        queryParameter(request.url(), BODY_HASH) != null
            ? request.url()
            : request.url()
                + (request.url().indexOf('?') < 0 ? '?' : '&')
                + BODY_HASH
                + '='
                + Digests.sha256Hex(request.body());
    return new Signature(url, Map.of(HEADER, signature(token, url)));
  }

  @Override
  public List<String> secretNames() {
    return List.of(SECRET);
  }

  @Override
  public Set<String> evidence() {
    return Set.of("x-twilio-signature");
  }

  @Override
  public boolean coversUrl() {
    return true;
  }

  @Override
  public boolean acceptsGet() {
    return true;
  }

  private static String signature(String token, String text) {
    byte[] mac =
        Digests.hmacSha1(
            token.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(mac);
  }

  /** The URL as is, then the one without its port, or with one if it has none. */
  @Override
  public List<String> signedUrls(String url) {
    int authority = url.indexOf("://") + 3;
    if (authority < 3) {
      return List.of(url);
    }
    int end = authority;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    int colon = url.lastIndexOf(':', end - 1);
    boolean hasPort = colon > authority && colon > url.lastIndexOf(']', end - 1);
    String host = url.substring(0, hasPort ? colon : end);
    String rest = url.substring(end);
    String port = hasPort ? "" : url.startsWith("https") ? ":443" : ":80";
    return List.of(url, host + port + rest);
  }

  /** Names and values in Twilio's signing form; null if the form cannot be decoded. */
  private static @Nullable String formParameters(byte[] body) {
    List<Parameter> parameters = FormParameters.parse(body);
    if (parameters == null) {
      return null;
    }
    parameters.sort(Comparator.comparing(Parameter::name).thenComparing(Parameter::value));
    StringBuilder text = new StringBuilder(body.length);
    Parameter last = null;
    for (Parameter each : parameters) {
      if (!each.equals(last)) {
        text.append(each.name()).append(each.value());
      }
      last = each;
    }
    return text.toString();
  }

  private static @Nullable String queryParameter(String url, String name) {
    int query = url.indexOf('?');
    if (query < 0) {
      return null;
    }
    for (String pair : url.substring(query + 1).split("&", -1)) {
      if (pair.startsWith(name + '=')) {
        return pair.substring(name.length() + 1);
      }
    }
    return null;
  }
}
