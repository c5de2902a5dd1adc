package io.postflight.api.gateway;

import io.postflight.api.http.Require;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How webhooks are taken in.
 *
 * @param publicUrl what providers have before {@code /webhooks/...}, such as {@code
 *     https://hooks.example.com}: signatures over a URL are checked with it; null: see
 *     trustForwarded
 * @param trustForwarded without publicUrl: whether {@code Forwarded} and {@code X-Forwarded-*} tell
 *     the URL, which only a proxy in front may be trusted with; else the request's own Host does
 * @param maxBodyBytes largest body taken
 * @param maxBufferedBytes most bytes held of requests not yet answered, all together
 * @param kafkaTimeout how long Kafka has to acknowledge, until a webhook is answered 503
 */
public record GatewaySettings(
    @Nullable String publicUrl,
    boolean trustForwarded,
    int maxBodyBytes,
    long maxBufferedBytes,
    Duration kafkaTimeout) {
  /** 3 MiB a body, 64 MiB of them at a time, 5 seconds for Kafka; no public URL. */
  public static final GatewaySettings DEFAULTS =
      new GatewaySettings(null, false, 3 << 20, 64L << 20, Duration.ofSeconds(5));

  /** Validates. */
  public GatewaySettings {
    if (publicUrl != null) {
      publicUrl = Require.publicUrl("gateway.publicUrl", publicUrl);
    }
    Require.between("gateway.maxBodyBytes", maxBodyBytes, 1024, 3_800_000);
    Require.between("gateway.maxBufferedBytes", maxBufferedBytes, maxBodyBytes + 4096L, 1L << 40);
    Require.between(
        "gateway.kafkaTimeout", kafkaTimeout, Duration.ofMillis(100), Duration.ofSeconds(60));
  }

  /** Whether a request's own Host header decides which URL a signature is checked with. */
  public boolean senderNamesHost() {
    return publicUrl == null && !trustForwarded;
  }

  /** The same with a public URL. */
  public GatewaySettings withPublicUrl(@Nullable String url) {
    return new GatewaySettings(url, trustForwarded, maxBodyBytes, maxBufferedBytes, kafkaTimeout);
  }

  /** The same, trusting forwarded headers or not. */
  public GatewaySettings withTrustForwarded(boolean trust) {
    return new GatewaySettings(publicUrl, trust, maxBodyBytes, maxBufferedBytes, kafkaTimeout);
  }

  /** The same with another time for Kafka. */
  public GatewaySettings withKafkaTimeout(Duration timeout) {
    return new GatewaySettings(publicUrl, trustForwarded, maxBodyBytes, maxBufferedBytes, timeout);
  }
}
