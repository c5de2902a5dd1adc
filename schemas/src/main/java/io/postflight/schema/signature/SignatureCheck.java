package io.postflight.schema.signature;

import java.util.List;
import java.util.Set;

/** A provider's signature scheme. Pure; never throws on untrusted input. */
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
   * Names of the secrets that are needed before webhooks are accepted; that of signatures first.
   */
  List<String> secretNames();

  /**
   * Lower-case names of the signature headers to store with the raw bytes, except headers that are
   * secrets themselves.
   */
  Set<String> evidence();

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
