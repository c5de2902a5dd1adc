package io.postflight.cli;

import io.postflight.api.signature.SignatureResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a webhook's signature would be accepted, as it is shown.
 *
 * @param accepted whether it would
 * @param detail why
 * @param url the address that was signed
 * @param bodySha256 hash of the body that was signed
 * @param header the header that the signature is expected in
 * @param expected the signatures that would be accepted
 */
record SignatureReport(
    boolean accepted,
    String detail,
    String url,
    String bodySha256,
    @Nullable String header,
    List<String> expected) {
  static SignatureReport of(SignatureResult result, String url, String bodySha256) {
    return new SignatureReport(
        result.accepted(), result.detail(), url, bodySha256, result.header(), result.expected());
  }
}
