package io.postflight.schema.signature;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A provider that signs, if it is set up so, and otherwise gives a token. What a tenant has a
 * secret for is accepted: who wants signatures only, sets no token.
 *
 * @param signature the provider's own scheme
 * @param token the token that replaces it
 * @param canSign whether {@code signature} can sign, with what a tenant has
 */
record EitherSignature(SignatureCheck signature, TokenSignature token, boolean canSign)
    implements SignatureCheck {
  EitherSignature(SignatureCheck signature, TokenSignature token) {
    this(signature, token, true);
  }

  @Override
  public SignatureResult check(SignedRequest request, ProviderSecrets secrets) {
    SignatureResult byToken = token.check(request, secrets);
    if (byToken.accepted()) {
      return byToken;
    }
    if (!has(token, secrets)) {
      return signature.check(request, secrets);
    }
    if (!has(signature, secrets)) {
      return byToken;
    }
    SignatureResult signed = signature.check(request, secrets);
    return !signed.accepted() && token.isInOwnHeader(request) ? byToken : signed;
  }

  private static boolean has(SignatureCheck check, ProviderSecrets secrets) {
    return !secrets.all(check.secretNames().get(0)).isEmpty();
  }

  @Override
  public Signature sign(SignedRequest request, ProviderSecrets secrets) {
    boolean byToken = has(token, secrets) && !(canSign && has(signature, secrets));
    return byToken ? token.sign(request, secrets) : signature.sign(request, secrets);
  }

  @Override
  public CompletableFuture<Void> prepare(SignedRequest request, ProviderSecrets secrets) {
    return token.check(request, secrets).accepted()
        ? CompletableFuture.completedFuture(null)
        : signature.prepare(request, secrets);
  }

  /** Of the signature only: a token does not cover what the request asks for. */
  @Override
  public CompletableFuture<Optional<SnsSignature.Subscription>> subscription(
      SignedRequest request, ProviderSecrets secrets) {
    return signature.subscription(request, secrets);
  }

  @Override
  public List<String> secretNames() {
    List<String> names = new ArrayList<>(signature.secretNames());
    names.addAll(canSign ? names.size() : 0, token.secretNames());
    return names;
  }

  @Override
  public List<String> optionalSecrets() {
    return signature.optionalSecrets();
  }

  @Override
  public boolean oneSecretIsEnough() {
    return true;
  }

  @Override
  public Set<String> evidence() {
    return signature.evidence();
  }

  @Override
  public String storedQuery(String query) {
    return token.storedQuery(query);
  }

  @Override
  public @Nullable String allowedInstead(String name, String value) {
    return signature.allowedInstead(name, value);
  }

  @Override
  public boolean coversTime() {
    return signature.coversTime();
  }

  @Override
  public boolean readsQuery() {
    return signature.readsQuery() || token.readsQuery();
  }

  @Override
  public boolean acceptsGet() {
    return signature.acceptsGet() || token.acceptsGet();
  }
}
