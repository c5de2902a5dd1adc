package io.postflight.schema.signature;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A provider's signature scheme: a function of the request, its time of arrival and the secrets.
 * Never throws on untrusted input.
 */
public interface SignatureCheck {
  /** Verifies a request. */
  SignatureResult check(SignedRequest request, ProviderSecrets secrets);

  /**
   * Signs a request as the provider does.
   *
   * @throws IllegalArgumentException if the tenant has no secret for the provider
   */
  Signature sign(SignedRequest request, ProviderSecrets secrets);

  /**
   * Names of the secrets that are needed before webhooks are accepted, or of which one is; that of
   * signatures first.
   */
  List<String> secretNames();

  /**
   * Those of {@link #secretNames} that webhooks do not need: only the provider's verification of
   * the address by GET does.
   */
  default List<String> verificationSecrets() {
    return List.of();
  }

  /** Whether one of these secrets is enough: the provider can be set up in several ways. */
  default boolean oneSecretIsEnough() {
    return false;
  }

  /** Names of further secrets, which change what is accepted or are for tests only. */
  default List<String> optionalSecrets() {
    return List.of();
  }

  /**
   * What is allowed as a secret, if a value can never verify or sign a webhook; null: it may.
   *
   * @param name one of the secrets' names
   */
  default @Nullable String allowedInstead(String name, String value) {
    return null;
  }

  /** Whether the provider may call with GET, with the content in the query string. */
  default boolean acceptsGet() {
    return false;
  }

  /** What is stored of the query string of a GET: all but secrets. */
  default String storedQuery(String query) {
    return query;
  }

  /**
   * Loads what {@link #check} needs of this request and does not have yet, such as a certificate;
   * mostly nothing. Never blocks.
   *
   * @return completes when the request can be checked; fails if that is not possible now
   */
  default CompletableFuture<Void> prepare(SignedRequest request, ProviderSecrets secrets) {
    return CompletableFuture.completedFuture(null);
  }

  /**
   * The subscription that an accepted request asks to confirm, if the provider itself has signed
   * that; none for most providers.
   *
   * @return fails if that cannot be verified now
   */
  default CompletableFuture<Optional<SnsSignature.Subscription>> subscription(
      SignedRequest request, ProviderSecrets secrets) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /**
   * Lower-case names of the signature headers to store with the raw bytes, except headers that are
   * secrets themselves.
   */
  Set<String> evidence();

  /** Whether a signature has a time, which is compared with that of the arrival. */
  default boolean coversTime() {
    return false;
  }

  /** Whether the check depends on the query string, of whatever kind of request. */
  default boolean readsQuery() {
    return acceptsGet() || coversUrl();
  }

  /** Whether the signature covers the URL, which is then stored too. */
  default boolean coversUrl() {
    return false;
  }

  /**
   * The URLs that a signature of a request may cover, in the order in which the values that would
   * be accepted repeat them for each secret.
   */
  default List<String> signedUrls(String url) {
    return List.of(url);
  }
}
