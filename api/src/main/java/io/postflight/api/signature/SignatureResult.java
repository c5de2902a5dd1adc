package io.postflight.api.signature;

import java.util.List;

/**
 * Result of verifying a signature.
 *
 * @param accepted whether the signature is valid
 * @param detail human-readable reason; contains no secret
 * @param header the signature header
 * @param expected values of the header that would be accepted, likeliest first; may be empty. They
 *     allow sending this body: disclose them to the tenant only
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
