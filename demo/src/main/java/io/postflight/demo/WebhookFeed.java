package io.postflight.demo;

import io.postflight.demo.embedded.Endpoints;
import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.operations.Progress;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.schema.signature.Signature;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SignedRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends webhooks to the gateway, signed, as providers do. One that is not answered 200 is sent
 * again a few times, as providers do.
 */
final class WebhookFeed {
  private static final int IN_FLIGHT = 64;
  private static final int ATTEMPTS = 8;
  private static final long PAUSE_MILLIS = 250;
  private static final int OK = 200;

  private final DeploymentClient client;
  private final Endpoints endpoints;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  WebhookFeed(DeploymentClient client, Endpoints endpoints) {
    this.client = client;
    this.endpoints = endpoints;
  }

  /** Webhooks that were answered 200. */
  long accepted() {
    return accepted.get();
  }

  /** Webhooks that failed after all attempts. */
  long refused() {
    return refused.get();
  }

  /**
   * Sends all but the last webhooks as fast as they are accepted; returns when each is answered.
   *
   * @param reserved how many of the last are not sent
   * @return those that were not sent
   */
  Queue<SimulatedWebhook> send(
      Iterator<SimulatedWebhook> webhooks, long reserved, Progress progress)
      throws InterruptedException {
    Semaphore room = new Semaphore(IN_FLIGHT);
    Queue<SimulatedWebhook> last = new ArrayDeque<>();
    long sent = 0;
    while (webhooks.hasNext()) {
      last.add(webhooks.next());
      if (last.size() <= reserved) {
        continue;
      }
      SimulatedWebhook webhook = last.remove();
      room.acquire();
      CompletableFuture<Void> unused =
          attempt(webhook, 1).whenComplete((answered, fault) -> room.release());
      sent++;
      progress.still("Sent " + sent + " webhooks");
    }
    room.acquire(IN_FLIGHT);
    progress.clear();
    return last;
  }

  /** Sends each at its time; returns when each is answered. */
  void sendPaced(Queue<SimulatedWebhook> webhooks, int perSecond) throws InterruptedException {
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    long begun = System.nanoTime();
    while (!webhooks.isEmpty()) {
      long due = begun + answers.size() * TimeUnit.SECONDS.toNanos(1) / perSecond;
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      answers.add(attempt(webhooks.remove(), 1));
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
  }

  private CompletableFuture<Void> attempt(SimulatedWebhook webhook, int attempt) {
    String url = client.webhookUrl(webhook.provider(), webhook.tenant());
    Map<String, String> secrets =
        endpoints
            .tenant(webhook.tenant())
            .map(tenant -> tenant.secrets().getOrDefault(webhook.provider(), Map.of()))
            .orElse(Map.of());
    Signature signature =
        SignatureChecks.sign(
            webhook.provider(),
            SignedRequest.post(url, Map.of("content-type", webhook.contentType()), webhook.body()),
            secrets);
    Map<String, String> headers = new HashMap<>(webhook.headers());
    headers.putAll(signature.headers());
    return client
        .sendWebhook(signature.url(), webhook.contentType(), headers, webhook.body())
        .handle((answer, fault) -> fault == null && answer.status() == OK)
        .thenCompose(
            taken -> {
              if (taken) {
                accepted.incrementAndGet();
                return CompletableFuture.completedFuture(null);
              }
              if (attempt == ATTEMPTS) {
                refused.incrementAndGet();
                return CompletableFuture.completedFuture(null);
              }
              return CompletableFuture.runAsync(
                      () -> {},
                      CompletableFuture.delayedExecutor(
                          PAUSE_MILLIS * attempt, java.util.concurrent.TimeUnit.MILLISECONDS))
                  .thenCompose(later -> attempt(webhook, attempt + 1));
            });
  }
}
