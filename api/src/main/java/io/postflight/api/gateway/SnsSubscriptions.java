package io.postflight.api.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.postflight.api.http.ApiMetric;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SnsCertificates;
import io.postflight.schema.signature.SnsSignature;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscriptions that SNS asks to confirm. They are confirmed only if the operator has consented by
 * a setting; the topic is one of the tenant's, since only such messages are verified by their
 * signature.
 */
final class SnsSubscriptions {
  private static final Logger LOG = LoggerFactory.getLogger(SnsSubscriptions.class);
  private static final ThrottledLog WARNINGS = new ThrottledLog(LOG);

  /** Calls of SNS at a time; it asks again for what was not confirmed. */
  private static final int MAX_CALLS = 4;

  private final SnsCertificates.Fetcher sns;
  private final boolean confirm;
  private final Semaphore calls = new Semaphore(MAX_CALLS);
  private final MeterRegistry registry;

  SnsSubscriptions(SnsCertificates.Fetcher sns, boolean confirm, MeterRegistry registry) {
    this.sns = sns;
    this.confirm = confirm;
    this.registry = registry;
  }

  /** Confirms a subscription, if there is one and when it is verified; returns at once. */
  void received(CompletableFuture<Optional<SnsSignature.Subscription>> verified, String tenant) {
    var unused =
        verified.whenComplete(
            (subscription, failure) -> {
              if (failure != null) {
                count("subscription_failed");
              } else {
                subscription.ifPresent(each -> verified(each, tenant));
              }
            });
  }

  private void verified(SnsSignature.Subscription subscription, String tenant) {
    if (!confirm) {
      count("subscription_pending");
      WARNINGS.warn(
          tenant,
          "topic {} of tenant {} asks to confirm its subscription: confirm it with Amazon, or set"
              + " gateway.confirmSubscriptions",
          subscription.topic(),
          tenant);
      return;
    }
    if (!calls.tryAcquire()) {
      count("subscription_failed");
      return;
    }
    var unused =
        fetched(subscription)
            .whenComplete(
                (answer, failure) -> {
                  calls.release();
                  confirmed(subscription, tenant, failure);
                });
  }

  /** Ends with or without an answer: a fetcher need not have a timeout. */
  private CompletableFuture<byte[]> fetched(SnsSignature.Subscription subscription) {
    try {
      return sns.fetch(subscription.confirmation()).copy().orTimeout(10, TimeUnit.SECONDS);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private void confirmed(
      SnsSignature.Subscription subscription, String tenant, @Nullable Throwable failure) {
    if (failure == null) {
      count("subscription_confirmed");
      LOG.info(
          "the subscription of topic {} of tenant {} is confirmed", subscription.topic(), tenant);
    } else {
      count("subscription_failed");
      WARNINGS.warn(
          tenant,
          "the subscription of topic {} of tenant {} was not confirmed: {}",
          subscription.topic(),
          tenant,
          failure.toString());
    }
  }

  private void count(String outcome) {
    ApiMetric.WEBHOOKS
        .counter(registry, Tags.of("provider", SignatureChecks.AWS, "outcome", outcome))
        .increment();
  }
}
