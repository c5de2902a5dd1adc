package io.postflight.operations.client;

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
  private static final String JSON = "application/json";

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
    String url = client.webhookUrl(provider, tenant);
    if (provider.equals("twilio") && contentType.equals(JSON)) {
      url = WebhookSigner.twilioJsonUrl(url, body);
    }
    Map<String, String> headers =
        new HashMap<>(WebhookSigner.headers(provider, secrets, url, contentType, body));
    if (headers.isEmpty() && provider.equals("events")) {
      apiKey.ifPresent(key -> headers.put("Authorization", "Bearer " + key));
    }
    try {
      return client.sendWebhook(url, contentType, headers, body).join();
    } catch (CompletionException e) {
      throw client.unreachable(e);
    }
  }
}
