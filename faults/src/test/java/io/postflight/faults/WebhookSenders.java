package io.postflight.faults;

import io.postflight.demo.embedded.Endpoints;
import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.schema.signature.Signature;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SignedRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Providers that send signed webhooks to a gateway concurrently, and retry each until it is
 * answered 200.
 */
final class WebhookSenders implements AutoCloseable {
  private static final int PROVIDERS = 8;
  private static final long PAUSE_MILLIS = 100;
  private static final int OK = 200;

  private final Simulation simulation;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private final List<CompletableFuture<Void>> sending = new ArrayList<>();
  private volatile WebhookTarget target;
  private volatile boolean closed;

  private WebhookSenders(WebhookTarget target, Simulation simulation) {
    this.target = target;
    this.simulation = simulation;
  }

  private record WebhookTarget(Endpoints endpoints, DeploymentClient client) {
    static WebhookTarget of(Endpoints endpoints) {
      return new WebhookTarget(endpoints, new DeploymentClient(endpoints.http()));
    }
  }

  /** Starts sending. */
  static WebhookSenders to(Endpoints endpoints, Simulation simulation) {
    WebhookSenders gateway = new WebhookSenders(WebhookTarget.of(endpoints), simulation);
    for (int provider = 0; provider < PROVIDERS; provider++) {
      gateway.sending.add(
          CompletableFuture.runAsync(gateway::send, task -> new Thread(task, "provider").start()));
    }
    return gateway;
  }

  /** Sets the new URL of the gateway. */
  void redirectTo(Endpoints endpoints) {
    target = WebhookTarget.of(endpoints);
  }

  /** Webhooks that were answered 200. */
  long answered() {
    return answered.get();
  }

  /** Attempts that failed. */
  long repeated() {
    return repeated.get();
  }

  /** Waits until every webhook is answered. */
  void finish() throws InterruptedException, ExecutionException {
    CompletableFuture.allOf(sending.toArray(CompletableFuture[]::new)).get();
  }

  private void send() {
    while (!closed) {
      SimulatedWebhook next;
      synchronized (simulation) {
        if (!simulation.hasNext()) {
          return;
        }
        next = simulation.next();
      }
      while (!closed && !accepted(next)) {
        repeated.incrementAndGet();
        CompletableFuture.runAsync(
                () -> {}, CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS))
            .join();
      }
      answered.incrementAndGet();
    }
  }

  private boolean accepted(SimulatedWebhook webhook) {
    WebhookTarget now = target;
    String url = now.client().webhookUrl(webhook.provider(), webhook.tenant());
    Map<String, String> secrets =
        now.endpoints()
            .tenant(webhook.tenant())
            .orElseThrow()
            .secrets()
            .getOrDefault(webhook.provider(), Map.of());
    Signature signature =
        SignatureChecks.sign(
            webhook.provider(),
            SignedRequest.post(url, Map.of("content-type", webhook.contentType()), webhook.body()),
            secrets);
    Map<String, String> headers = new HashMap<>(webhook.headers());
    headers.putAll(signature.headers());
    return now.client()
        .sendWebhook(signature.url(), webhook.contentType(), headers, webhook.body())
        .handle((answer, failure) -> failure == null && answer.status() == OK)
        .join();
  }

  @Override
  public void close() {
    closed = true;
  }
}
