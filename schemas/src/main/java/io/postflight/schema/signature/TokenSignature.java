package io.postflight.schema.signature;

import io.postflight.schema.directory.ApiKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider without signatures: a token that is known to it and to the tenant only. It is given in
 * the URL ({@code ?token=...}), as the password of Basic authentication ({@code
 * https://any:token@host}), as a Bearer token, or in a header of the provider's own. It proves
 * knowledge of the token, not integrity of the body; over plain HTTP it proves nothing.
 */
final class TokenSignature implements SignatureCheck {
  /** Query parameter with the token; it is never stored. */
  static final String PARAMETER = "token";

  private static final String AUTHORIZATION = "Authorization";
  private static final String BASIC = "basic ";

  private final String provider;
  private final String secret;
  private final @Nullable String ownHeader;
  private final boolean get;

  private TokenSignature(String provider, String secret, @Nullable String ownHeader, boolean get) {
    this.provider = provider;
    this.secret = secret;
    this.ownHeader = ownHeader;
    this.get = get;
  }

  /** The scheme of a provider whose secret is {@code token}. */
  static TokenSignature of(String provider) {
    return new TokenSignature(provider, PARAMETER, null, false);
  }

  /** The scheme of a provider that may call with GET. */
  static TokenSignature ofGet(String provider) {
    return new TokenSignature(provider, PARAMETER, null, true);
  }

  /** The scheme of a provider with a header and a name of its own for the token. */
  static TokenSignature of(String provider, String secret, String header) {
    return new TokenSignature(provider, secret, header, false);
  }

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    List<String> valid = secrets.all(secret);
    if (valid.isEmpty()) {
      return SignatureResult.refused(ProviderSecrets.missing(provider, secret), AUTHORIZATION);
    }
    List<String> given = given(request);
    for (String each : given) {
      if (Digests.isAnyOf(valid, each)) {
        return SignatureResult.accepted("the token is valid", AUTHORIZATION);
      }
    }
    if (ownHeader != null && isInOwnHeader(request)) {
      return SignatureResult.refused(
          "%s is not the tenant's '%s'".formatted(ownHeader, secret), ownHeader);
    }
    return SignatureResult.refused(
        given.isEmpty()
            ? "there is no token: neither ?token= nor Authorization"
            : "the token is not the tenant's",
        AUTHORIZATION);
  }

  /** Whether a request has a token in the provider's own header. */
  boolean isInOwnHeader(SignedRequest request) {
    return ownHeader != null && request.header(ownHeader) != null;
  }

  private List<String> given(SignedRequest request) {
    List<String> given = new ArrayList<>(2);
    String authorization = request.header(AUTHORIZATION);
    if (authorization != null) {
      ApiKeys.ofBearer(authorization).ifPresent(given::add);
      String password = password(authorization.strip());
      if (password != null) {
        given.add(password);
      }
    }
    String own = ownHeader == null ? null : request.header(ownHeader);
    if (own != null) {
      given.add(own.strip());
    }
    List<FormParameters.Parameter> query =
        FormParameters.parse(FormParameters.queryOf(request.url()));
    String parameter = query == null ? null : FormParameters.first(query, PARAMETER);
    if (parameter != null) {
      given.add(parameter);
    }
    return given;
  }

  /** The password of Basic authentication; the user's name is not checked. */
  private static @Nullable String password(String authorization) {
    if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
      String pair = new String(decoded, StandardCharsets.UTF_8);
      return pair.substring(pair.indexOf(':') + 1);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    String token = secrets.current(provider, secret);
    return new Signature(
        request.url(),
        ownHeader == null ? Map.of(AUTHORIZATION, "Bearer " + token) : Map.of(ownHeader, token));
  }

  @Override
  public List<String> secretNames() {
    return List.of(secret);
  }

  /** None, since it is the secret. */
  @Override
  public Set<String> evidence() {
    return Set.of();
  }

  @Override
  public boolean acceptsGet() {
    return get;
  }

  @Override
  public boolean readsQuery() {
    return true;
  }

  @Override
  public String storedQuery(String query) {
    return FormParameters.without(query, Set.of(PARAMETER));
  }
}
