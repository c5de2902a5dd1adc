package io.postflight.schema.signature;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MessageBird: {@code MessageBird-Signature-JWT}, a JSON Web Token keyed with the account's signing
 * key. Its {@code url_hash} is the SHA-256 of the URL, its {@code payload_hash} that of the body,
 * if there is one; it is valid from {@code nbf} to {@code exp}.
 */
final class MessageBirdSignature implements SignatureCheck {
  static final String PROVIDER = "messagebird";

  private static final String HEADER = "MessageBird-Signature-JWT";
  private static final String SECRET = "signingKey";
  private static final String ISSUER = "MessageBird";

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    List<String> keys = secrets.all(SECRET);
    if (keys.isEmpty()) {
      return SignatureResult.refused(ProviderSecrets.missing(PROVIDER, SECRET), HEADER);
    }
    String given = request.header(HEADER);
    if (given == null) {
      return SignatureResult.refused("missing header " + HEADER, HEADER);
    }
    Jwt jwt = Jwt.verified(given.strip(), keys);
    if (jwt == null) {
      return SignatureResult.refused(
          HEADER + " is not a token that is signed with the tenant's key", HEADER);
    }
    String problem = problem(jwt, request);
    return problem == null
        ? SignatureResult.accepted("the signature is valid", HEADER)
        : SignatureResult.refused(problem, HEADER);
  }

  private static @Nullable String problem(Jwt jwt, SignedRequest request) {
    if (!ISSUER.equals(jwt.get("iss"))) {
      return "iss of the token is not " + ISSUER;
    }
    if (!urlHash(request).equalsIgnoreCase(jwt.get("url_hash"))) {
      return "url_hash of the token is not the hash of the URL; is the URL the public one?";
    }
    String hash = jwt.get("payload_hash");
    boolean covered =
        request.body().length == 0 ? hash == null : request.bodySha256().equalsIgnoreCase(hash);
    if (!covered) {
      return "payload_hash of the token is not the hash of the body";
    }
    String expired = SignedTime.expired(request, "exp of the token", jwt.get("exp"));
    return expired == null
        ? SignedTime.problem(request, "nbf of the token", jwt.get("nbf"))
        : expired;
  }

  private static String urlHash(SignedRequest request) {
    return Digests.sha256Hex(request.url().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    long now = request.receivedAt() / 1000;
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", ISSUER);
    claims.put("nbf", now);
    claims.put("exp", now + 60);
    claims.put("url_hash", urlHash(request));
    if (request.body().length > 0) {
      claims.put("payload_hash", request.bodySha256());
    }
    String token = Jwt.signed(claims, secrets.current(PROVIDER, SECRET));
    return new Signature(request.url(), Map.of(HEADER, token));
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
    return Set.of("messagebird-signature-jwt");
  }

  @Override
  public boolean coversUrl() {
    return true;
  }

  @Override
  public boolean acceptsGet() {
    return true;
  }
}
