package io.postflight.operations.client;

import io.postflight.operations.OperationException;
import io.postflight.schema.signature.EventsSignature;
import io.postflight.schema.signature.Signature;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SignedRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * A webhook to be sent as its provider does.
 *
 * @param provider as in the webhook's address
 * @param contentType of the body
 * @param body the bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ProviderWebhook(String provider, String contentType, byte[] body) {
  /**
   * Sends it, signed if a secret is known.
   *
   * @param secrets of the tenant for the provider
   * @param apiKey of the tenant; replaces the signature of events in our own format
   */
  public DeploymentClient.ApiResponse send(
      DeploymentClient client,
      String tenant,
      Map<String, String> secrets,
      Optional<String> apiKey) {
    Signature signature = signature(client.webhookUrl(provider, tenant), secrets);
    Map<String, String> headers = new HashMap<>(signature.headers());
    if (headers.isEmpty() && provider.equals(EventsSignature.PROVIDER)) {
      apiKey.ifPresent(key -> headers.put("Authorization", "Bearer " + key));
    }
    try {
      return client.sendWebhook(signature.url(), contentType, headers, body).join();
    } catch (CompletionException e) {
      throw client.unreachable(e);
    }
  }

  private Signature signature(String url, Map<String, String> secrets) {
    try {
      return SignatureChecks.sign(
          provider, SignedRequest.post(url, Map.of("content-type", contentType), body), secrets);
    } catch (IllegalArgumentException refused) {
      throw OperationException.usage(
          "the webhook cannot be signed as %s: %s".formatted(provider, refused.getMessage()));
    }
  }
}
