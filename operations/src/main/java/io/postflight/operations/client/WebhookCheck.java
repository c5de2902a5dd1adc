package io.postflight.operations.client;

import io.postflight.operations.OperationException;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.signature.EventsSignature;
import io.postflight.schema.signature.ProviderSecrets;
import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SignatureResult;
import io.postflight.schema.signature.SignedRequest;
import io.postflight.schema.tenant.ApiKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The check of a webhook's signature, as the gateway performs it.
 *
 * @param accepted whether the gateway would accept the webhook
 * @param detail why, human-readable
 * @param arrival time of arrival that the check used, RFC 3339; null: the provider's signature has
 *     no time
 * @param url the URL that the check used, without a token
 * @param bodySha256 SHA-256 of the body, hexadecimal
 * @param header the header with the signature
 * @param expected the values of the header that would be accepted
 * @param signedUrls the URLs that they sign, in turn, without a token
 */
public record WebhookCheck(
    boolean accepted,
    String detail,
    @Nullable String arrival,
    String url,
    String bodySha256,
    String header,
    List<String> expected,
    List<String> signedUrls) {

  /**
   * A tenant of a deployment.
   *
   * @param id its name
   * @param secrets its secrets for the provider, by name, as far as they are known
   * @param deployment it is asked for the scopes of an API key
   */
  public record Receiver(String id, Map<String, String> secrets, DeploymentClient deployment) {
    /** Names only. */
    @Override
    public String toString() {
      return id + " with secrets " + secrets.keySet();
    }
  }

  /**
   * Rejects options that the check of a provider does not use.
   *
   * @param receivedAt whether a time of arrival is given
   * @param query whether a query string is given
   * @throws OperationException naming the option and the providers that use it
   */
  public static void requireEffect(String provider, boolean receivedAt, boolean query) {
    requireEffect("--received-at", receivedAt, provider, SignatureCheck::coversTime);
    requireEffect("--query", query, provider, SignatureCheck::readsQuery);
  }

  private static void requireEffect(
      String option, boolean given, String provider, Predicate<SignatureCheck> uses) {
    Set<String> using = SignatureChecks.providers(uses);
    if (given && !using.contains(provider)) {
      throw OperationException.usage(
          "%s would have no effect with --provider %s: remove it; it is for %s"
              .formatted(option, provider, String.join(", ", using)));
    }
  }

  /**
   * Checks a request. Only for an API key that may replace a signature, the deployment is asked.
   *
   * @param provider one of {@link SignatureChecks#providers}
   * @throws OperationException if no secret is known, or the deployment cannot be reached
   */
  public static WebhookCheck of(String provider, SignedRequest request, Receiver tenant) {
    Optional<String> authorization =
        provider.equals(EventsSignature.PROVIDER)
            ? ApiKeys.ofBearer(request.header("Authorization"))
            : Optional.empty();
    if (authorization.isEmpty() && tenant.secrets().isEmpty()) {
      throw OperationException.usage(
          ("--secret is missing: no secret of %s for %s is known; pass --secret-file, --secret or"
                  + " POSTFLIGHT_SECRET")
              .formatted(tenant.id(), provider));
    }
    WebhookCheck signed = checked(provider, request, ProviderSecrets.of(tenant.secrets()));
    Optional<String> key = authorization.filter(ApiKeys::hasForm);
    if (signed.accepted() || key.isEmpty()) {
      return signed;
    }
    List<String> scopes = tenant.deployment().scopes(tenant.id(), key.get());
    ApiKey kept = ApiKeys.kept(key.get(), scopes, 0);
    return checked(provider, request, ProviderSecrets.of(tenant.secrets(), List.of(kept)));
  }

  private static WebhookCheck checked(
      String provider, SignedRequest request, ProviderSecrets held) {
    SignatureCheck check = SignatureChecks.of(provider).orElseThrow();
    // A certificate that cannot be fetched is the reason that the check reports.
    SignatureResult result =
        check.prepare(request, held).handle((done, failure) -> check.check(request, held)).join();
    return new WebhookCheck(
        result.accepted(),
        result.detail(),
        check.coversTime() ? Instant.ofEpochMilli(request.receivedAt()).toString() : null,
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
