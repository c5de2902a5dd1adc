package io.postflight.api.gateway;

import io.postflight.api.http.Require;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the gateway.
 *
 * @param publicUrl public URL in front of {@code /webhooks/...}, such as {@code
 *     https://hooks.example.com}, for signatures over a URL; null: see trustForwarded
 * @param trustForwarded without publicUrl: whether the URL is taken from {@code Forwarded} and
 *     {@code X-Forwarded-*}, which requires a trusted proxy; else from the Host header
 * @param maxBodyBytes maximum body size
 * @param maxBufferedBytes maximum buffered bytes of all unanswered requests
 * @param kafkaTimeout timeout of Kafka's acknowledgement; then a webhook is answered 503
 */
public record GatewaySettings(
    @Nullable String publicUrl,
    boolean trustForwarded,
    int maxBodyBytes,
    long maxBufferedBytes,
    Duration kafkaTimeout) {
  /** 3 MiB per body, 64 MiB in total, 5 seconds for Kafka; no public URL. */
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

  /** Whether signatures are checked against the URL of the Host header. */
  public boolean senderNamesHost() {
    return publicUrl == null && !trustForwarded;
  }

  /** A copy with a public URL. */
  public GatewaySettings withPublicUrl(@Nullable String url) {
    return new GatewaySettings(url, trustForwarded, maxBodyBytes, maxBufferedBytes, kafkaTimeout);
  }

  /** A copy with another trust in forwarded headers. */
  public GatewaySettings withTrustForwarded(boolean trust) {
    return new GatewaySettings(publicUrl, trust, maxBodyBytes, maxBufferedBytes, kafkaTimeout);
  }

  /** A copy with another Kafka timeout. */
  public GatewaySettings withKafkaTimeout(Duration timeout) {
    return new GatewaySettings(publicUrl, trustForwarded, maxBodyBytes, maxBufferedBytes, timeout);
  }
}
