package io.postflight.operations.client;

import io.postflight.schema.signature.ProviderSecrets;
import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SignatureResult;
import io.postflight.schema.signature.SignedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The check of a webhook's signature, as the gateway performs it.
 *
 * @param accepted whether the gateway would accept the webhook
 * @param detail why, human-readable
 * @param url the URL that the check used, without a token
 * @param bodySha256 SHA-256 of the body, hexadecimal
 * @param header the header with the signature
 * @param expected the values of the header that would be accepted
 * @param signedUrls the URLs that they sign, in turn, without a token
 */
public record WebhookCheck(
    boolean accepted,
    String detail,
    String url,
    String bodySha256,
    String header,
    List<String> expected,
    List<String> signedUrls) {

  /**
   * Checks a request.
   *
   * @param provider one of {@link SignatureChecks#providers}
   * @param secrets the secrets of the tenant for the provider, by name
   */
  public static WebhookCheck of(
      String provider, SignedRequest request, Map<String, String> secrets) {
    SignatureCheck check = SignatureChecks.of(provider).orElseThrow();
    ProviderSecrets held = ProviderSecrets.of(secrets);
    // A certificate that cannot be fetched is the reason that the check reports.
    SignatureResult result =
        check.prepare(request, held).handle((done, failure) -> check.check(request, held)).join();
    return new WebhookCheck(
        result.accepted(),
        result.detail(),
        withoutSecrets(check, request.url()),
        request.bodySha256(),
        result.header(),
        result.expected(),
        check.signedUrls(request.url()).stream().map(url -> withoutSecrets(check, url)).toList());
  }

  private static String withoutSecrets(SignatureCheck check, String url) {
    int query = url.indexOf('?');
    return query < 0
        ? url
        : url.substring(0, query + 1) + check.storedQuery(url.substring(query + 1));
  }

  /** The headers that would be accepted; each with its URL if it can be one of several. */
  public List<String> expectedLines() {
    List<String> lines = new ArrayList<>();
    for (String value : expected) {
      String url = signedUrls.get(lines.size() % signedUrls.size());
      lines.add(header + ": " + value + (signedUrls.size() == 1 ? "" : "  (of " + url + ')'));
    }
    return lines;
  }
}
