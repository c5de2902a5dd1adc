package io.postflight.api.gateway;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import io.postflight.api.http.Problem;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.signature.ProviderSecrets;
import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignatureResult;
import io.postflight.schema.signature.SignedRequest;
import io.postflight.schema.signature.SnsCertificates;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Verifies that webhooks are those of their providers. */
final class WebhookVerifier {
  private static final ThrottledLog WARNINGS =
      new ThrottledLog(LoggerFactory.getLogger(WebhookVerifier.class));

  private final Map<String, WebhookProvider> providers;
  private final Duration maxAge;
  private final ArrivalClock arrivals;

  WebhookVerifier(GatewaySettings settings, SnsCertificates.Fetcher sns, ArrivalClock arrivals) {
    this.providers =
        WebhookProvider.all(new SnsCertificates(sns, () -> Instant.ofEpochMilli(arrivals.now())));
    this.maxAge = settings.maxSignatureAge();
    this.arrivals = arrivals;
  }

  /** Time of arrival of a request that arrives now, epoch milliseconds. */
  long now() {
    return arrivals.now();
  }

  /** The provider with this name in the path; empty if there is none. */
  Optional<WebhookProvider> provider(@Nullable String name) {
    return Optional.ofNullable(name).map(providers::get);
  }

  /** A request of this provider that arrives now; without a body it is a GET. */
  SignedRequest request(String url, RequestHeaders headers, byte @Nullable [] body) {
    SignedRequest.Headers given = headers::get;
    SignedRequest request =
        body == null ? SignedRequest.get(url, given) : SignedRequest.post(url, given, body);
    return request.received(arrivals.now(), maxAge);
  }

  /**
   * Verifies a request at once, or on the executor when what the check needs has been loaded.
   *
   * @return the evidence to store; fails with 401 if the request is not authentic, with 503 if that
   *     cannot be decided now
   */
  CompletableFuture<Map<String, String>> verify(
      WebhookProvider provider, SignedRequest request, ProviderSecrets secrets, Executor executor) {
    CompletableFuture<Void> ready = provider.signature().prepare(request, secrets);
    if (ready.isDone() && !ready.isCompletedExceptionally()) {
      return CompletableFuture.completedFuture(evidence(provider, request, secrets));
    }
    return ready.handleAsync(
        (done, failure) -> {
          if (failure != null) {
            WARNINGS.warn(
                provider.name(),
                "webhooks of {} cannot be verified now: {}",
                provider.name(),
                failure.toString());
            throw Problem.unavailable("the signature cannot be verified now; send again");
          }
          return evidence(provider, request, secrets);
        },
        executor);
  }

  /**
   * Verifies a request for which nothing has to be loaded, and returns the evidence.
   *
   * @throws Problem 401 if it is not authentic
   */
  Map<String, String> evidence(
      WebhookProvider provider, SignedRequest request, ProviderSecrets secrets) {
    SignatureCheck signature = provider.signature();
    SignatureResult result = signature.check(request, secrets);
    if (!result.accepted()) {
      throw Problem.of(
          HttpStatus.UNAUTHORIZED,
          "the signature is missing or invalid",
          Map.of("www-authenticate", "Signature header=\"" + result.header() + '"'));
    }
    Map<String, String> evidence = new LinkedHashMap<>();
    for (String name : signature.evidence()) {
      String value = request.header(name);
      if (value != null) {
        evidence.put(name, value);
      }
    }
    if (signature.coversUrl()) {
      evidence.put(WebhookService.SIGNED_URL, request.url());
    }
    return evidence;
  }
}
