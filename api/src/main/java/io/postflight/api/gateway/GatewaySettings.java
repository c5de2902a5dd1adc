package io.postflight.api.gateway;

import io.postflight.api.http.Require;
import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.settings.SettingsBinder;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of the gateway; section {@code gateway}. */
public record GatewaySettings(
    @Setting(
            value =
                "Public URL of the gateway, such as https://hooks.example.com, which some"
                    + " signatures cover (those of twilio and messagebird); empty: that of the"
                    + " request.",
            defaultValue = "",
            none = "",
            pattern = "https?://[^/?#]+.*",
            allowed = "an address such as https://postflight.example.com")
        @Nullable String publicUrl,
    @Setting(
            value =
                "Without publicUrl: whether the URL is taken from Forwarded and X-Forwarded-*"
                    + " headers of http.trustedProxies, which must set them.",
            defaultValue = "false")
        boolean trustForwarded,
    @Setting(
            value = "Maximum body of a webhook; larger ones are answered 413.",
            defaultValue = "3MiB",
            min = "1KiB",
            max = "3700KiB")
        int maxBody,
    @Setting(
            value =
                "Maximum bytes of all unanswered webhooks; above it the response is 503. One"
                    + " connection may hold an eighth, one address a quarter, one tenant a half.",
            defaultValue = "64MiB",
            min = "8KiB",
            max = "64GiB")
        long maxBuffered,
    @Setting(
            value = "Timeout of Kafka's acknowledgement of a webhook; then the response is 503.",
            defaultValue = "5s",
            min = "100ms",
            max = "60s")
        Duration kafkaTimeout,
    @Setting(
            value =
                "Greatest difference between the time that a provider signs with a webhook and its"
                    + " arrival, for the providers that sign a time; beyond it the response is 401."
                    + " Longer accepts webhooks that were delayed, and old ones that somebody"
                    + " sends again.",
            defaultValue = "5m",
            min = "10s",
            max = "7d")
        Duration maxSignatureAge,
    @Setting(
            value =
                "Whether subscriptions of Amazon SNS are confirmed without an operator: of topics"
                    + " that a tenant has as its secret topicArn only. Else they are logged and"
                    + " counted, and an operator confirms them.",
            defaultValue = "false")
        boolean confirmSubscriptions) {
  /** 3 MiB per body, 64 MiB in total, 5 seconds for Kafka; no public URL. */
  public static final GatewaySettings DEFAULTS = SettingsBinder.defaults(GatewaySettings.class);

  /** Validates. */
  public GatewaySettings {
    if (publicUrl != null) {
      publicUrl = Require.publicUrl("gateway.publicUrl", publicUrl);
    }
    SettingDefinition.require(
        GatewaySettings.class,
        publicUrl,
        trustForwarded,
        maxBody,
        maxBuffered,
        kafkaTimeout,
        maxSignatureAge,
        confirmSubscriptions);
    if (maxBuffered < maxBody + 4096L) {
      throw new IllegalArgumentException(
          "gateway.maxBuffered is "
              + maxBuffered
              + " bytes; it must be at least gateway.maxBody, "
              + maxBody
              + ", and 4096");
    }
  }

  /** Whether signatures are checked against the URL of the Host header. */
  public boolean senderNamesHost() {
    return publicUrl == null && !trustForwarded;
  }

  /** A copy with a public URL. */
  public GatewaySettings withPublicUrl(@Nullable String url) {
    return RecordCopy.with(this, Collections.singletonMap("publicUrl", url));
  }

  /** A copy with another trust in forwarded headers. */
  public GatewaySettings withTrustForwarded(boolean trust) {
    return RecordCopy.with(this, "trustForwarded", trust);
  }

  /** A copy with other maximum sizes of one body and of all, bytes. */
  public GatewaySettings withSizes(int body, long buffered) {
    return RecordCopy.with(this, Map.of("maxBody", body, "maxBuffered", buffered));
  }

  /** A copy that confirms subscriptions of SNS, or does not. */
  public GatewaySettings withConfirmedSubscriptions(boolean confirm) {
    return RecordCopy.with(this, "confirmSubscriptions", confirm);
  }

  /** A copy with another Kafka timeout. */
  public GatewaySettings withKafkaTimeout(Duration timeout) {
    return RecordCopy.with(this, "kafkaTimeout", timeout);
  }
}
