package io.postflight.api.signature;

import java.util.List;

/**
 * Whether a request is its provider's own.
 *
 * @param accepted whether it is
 * @param detail why, for people; names no secret
 * @param header the header that the signature belongs in
 * @param expected the values of that header that would have been accepted, the likeliest first;
 *     empty when nothing can be computed. Whoever has one can send this body: for the tenant's own
 *     eyes only
 */
public record SignatureResult(
    boolean accepted, String detail, String header, List<String> expected) {
  static SignatureResult refused(String detail, String header) {
    return new SignatureResult(false, detail, header, List.of());
  }

  /** Without the expected values. */
  @Override
  public String toString() {
    return (accepted ? "accepted: " : "refused: ") + detail;
  }
}
