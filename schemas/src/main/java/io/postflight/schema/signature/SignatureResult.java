package io.postflight.schema.signature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of verifying a signature.
 *
 * @param accepted whether the signature is valid
 * @param detail human-readable reason; contains no secret
 * @param header the signature header
 * @param expected values of the header that would be accepted, likeliest first; empty if they are
 *     unknown, or secrets themselves. They allow sending this body: disclose them to the tenant
 *     only
 */
public record SignatureResult(
    boolean accepted, String detail, String header, List<String> expected) {
  /**
   * Compares a header, in constant time, with the values that would be accepted.
   *
   * @param given the value of the header; null: it is missing
   * @param valid detail if it is accepted
   * @param invalid detail if it is not
   */
  static SignatureResult compared(
      String header, @Nullable String given, List<String> expected, String valid, String invalid) {
    if (given == null) {
      return new SignatureResult(false, "missing header " + header, header, expected);
    }
    boolean accepted = Digests.isAnyOf(expected, given);
    return new SignatureResult(accepted, accepted ? valid : invalid, header, expected);
  }

  static SignatureResult refused(String detail, String header) {
    return new SignatureResult(false, detail, header, List.of());
  }

  static SignatureResult accepted(String detail, String header) {
    return new SignatureResult(true, detail, header, List.of());
  }

  /** The same where the values that would be accepted are secrets. */
  SignatureResult withoutExpected() {
    return new SignatureResult(accepted, detail, header, List.of());
  }

  /** Without the expected values. */
  @Override
  public String toString() {
    return (accepted ? "accepted: " : "refused: ") + detail;
  }
}
