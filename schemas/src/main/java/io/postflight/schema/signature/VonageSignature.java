package io.postflight.schema.signature;

import io.postflight.schema.directory.ApiKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Vonage, keyed with the account's signature secret.
 *
 * <p>Messages API: {@code Authorization: Bearer}, a JSON Web Token whose {@code payload_hash} is
 * the SHA-256 of the body and whose {@code iat} is its time.
 *
 * <p>SMS API: the parameter {@code sig}, hexadecimal HMAC over the other parameters, sorted by
 * name, each as {@code &name=value} with {@code &} and {@code =} in the value replaced by {@code
 * _}; one of them is the {@code timestamp} in seconds. The account's method must be SHA-256 or
 * SHA-512: MD5 and SHA-1 are refused. Of a GET this is the only signature: a token would not cover
 * its parameters.
 */
final class VonageSignature implements SignatureCheck {
  static final String PROVIDER = "vonage";

  private static final String HEADER = "Authorization";
  private static final String SECRET = "signatureSecret";
  private static final String SIGNATURE = "sig";
  private static final String TIME = "timestamp";
  private static final int SHA256_DIGITS = 64;
  private static final int SHA512_DIGITS = 128;

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    List<String> keys = secrets.all(SECRET);
    if (keys.isEmpty()) {
      return SignatureResult.refused(ProviderSecrets.missing(PROVIDER, SECRET), HEADER);
    }
    String token = ApiKeys.ofBearer(request.header(HEADER)).orElse(null);
    if (token != null && !request.isGet()) {
      return checkToken(token, request, keys);
    }
    List<FormParameters.Parameter> parameters = parameters(request);
    if (parameters == null) {
      return SignatureResult.refused("missing header " + HEADER, HEADER);
    }
    return checkParameters(parameters, request, keys);
  }

  private static SignatureResult checkToken(
      String token, SignedRequest request, List<String> keys) {
    Jwt jwt = Jwt.verified(token, keys);
    if (jwt == null) {
      return SignatureResult.refused(
          HEADER + " is not a token that is signed with the tenant's secret", HEADER);
    }
    String hash = jwt.get("payload_hash");
    if (!request.bodySha256().equalsIgnoreCase(hash)) {
      return SignatureResult.refused(
          hash == null
              ? "the token has no payload_hash: it does not cover the body"
              : "payload_hash of the token is not the hash of the body",
          HEADER);
    }
    String problem = SignedTime.problem(request, "iat of the token", jwt.get("iat"));
    return problem == null
        ? SignatureResult.accepted("the signature is valid", HEADER)
        : SignatureResult.refused(problem, HEADER);
  }

  /** The parameters of a form or a query string; null if there are none. */
  private static @Nullable List<FormParameters.Parameter> parameters(SignedRequest request) {
    return request.isGet()
        ? FormParameters.parse(FormParameters.queryOf(request.url()))
        : request.isForm() ? FormParameters.parse(request.body()) : null;
  }

  private static SignatureResult checkParameters(
      List<FormParameters.Parameter> parameters, SignedRequest request, List<String> keys) {
    String given = FormParameters.first(parameters, SIGNATURE);
    if (given == null) {
      return SignatureResult.refused(
          "there is neither the header " + HEADER + " nor the parameter " + SIGNATURE, HEADER);
    }
    if (given.length() != SHA256_DIGITS && given.length() != SHA512_DIGITS) {
      return SignatureResult.refused(
          SIGNATURE + " is neither HMAC-SHA256 nor HMAC-SHA512, which the account must be set to",
          HEADER);
    }
    String text = signedText(parameters);
    List<String> expected = new ArrayList<>(2);
    for (String key : keys) {
      expected.add(value(key, text, given.length()));
    }
    if (!Digests.isAnyOf(expected, given.toLowerCase(Locale.ROOT))) {
      return SignatureResult.refused(SIGNATURE + " does not match the parameters", HEADER);
    }
    String problem =
        SignedTime.problem(request, "the timestamp", FormParameters.first(parameters, TIME));
    return problem == null
        ? SignatureResult.accepted("the signature is valid", HEADER)
        : SignatureResult.refused(problem, HEADER);
  }

  private static String signedText(List<FormParameters.Parameter> parameters) {
    List<FormParameters.Parameter> sorted = new ArrayList<>(parameters);
    sorted.sort(
        Comparator.comparing(FormParameters.Parameter::name)
            .thenComparing(FormParameters.Parameter::value));
    StringBuilder text = new StringBuilder();
    for (FormParameters.Parameter each : sorted) {
      if (!each.name().equals(SIGNATURE) && !each.name().equals(TokenSignature.PARAMETER)) {
        text.append('&')
            .append(each.name())
            .append('=')
            .append(each.value().replace('&', '_').replace('=', '_'));
      }
    }
    return text.toString();
  }

  private static String value(String key, String text, int digits) {
    byte[] secret = key.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of()
        .formatHex(
            digits == SHA256_DIGITS
                ? Digests.hmacSha256(secret, bytes)
                : Digests.hmacSha512(secret, bytes));
  }

  /** Signs as the Messages API does, and a GET as the SMS API does. */
  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    String key = secrets.current(PROVIDER, SECRET);
    if (request.isGet()) {
      return new Signature(signedUrl(request, key), Map.of());
    }
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", "Vonage");
    claims.put("iat", request.receivedAt() / 1000);
    claims.put("payload_hash", request.bodySha256());
    return new Signature(request.url(), Map.of(HEADER, "Bearer " + Jwt.signed(claims, key)));
  }

  private static String signedUrl(SignedRequest request, String key) {
    String url = request.url();
    String given = FormParameters.queryOf(url);
    String rest = FormParameters.without(given, Set.of(TIME, SIGNATURE));
    String query = rest + (rest.isEmpty() ? "" : "&") + TIME + '=' + request.receivedAt() / 1000;
    List<FormParameters.Parameter> parameters = FormParameters.parse(query);
    if (parameters == null) {
      throw new IllegalArgumentException("the query string cannot be decoded");
    }
    String path = url.indexOf('?') < 0 ? url : url.substring(0, url.indexOf('?'));
    String signature = value(key, signedText(parameters), SHA256_DIGITS);
    return path + '?' + query + '&' + SIGNATURE + '=' + signature;
  }

  @Override
  public boolean coversTime() {
    return true;
  }

  @Override
  public List<String> secretNames() {
    return List.of(SECRET);
  }

  /** None: the token could be used again until it expires. */
  @Override
  public Set<String> evidence() {
    return Set.of();
  }

  @Override
  public boolean acceptsGet() {
    return true;
  }
}
