package io.postflight.api.signature;

import java.util.Set;

/** One provider's way of signing. Pure; never throws on what a stranger may send. */
public interface SignatureCheck {
  /** Whether the request is the provider's own, with what would have been accepted. */
  SignatureResult check(SignedRequest request, ProviderSecrets secrets);

  /**
   * Signs as the provider would.
   *
   * @throws IllegalArgumentException if the tenant has no secret for the provider, naming it
   */
  Signature sign(SignedRequest request, ProviderSecrets secrets);

  /**
   * Headers, in lower case, that the signature was read from and that may be kept beside the raw
   * bytes. A header that is itself a secret is not among them.
   */
  Set<String> evidence();

  /** Whether the signature covers the URL, so that it has to be kept as well. */
  default boolean coversUrl() {
    return false;
  }
}
