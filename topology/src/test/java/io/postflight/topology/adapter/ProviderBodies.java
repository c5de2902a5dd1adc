package io.postflight.topology.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import io.postflight.topology.normalize.Webhooks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Webhooks of one provider, and what the specifications of all providers check. */
record ProviderBodies(String provider) {
  RawWebhook json(String body) {
    return Webhooks.json(provider, body);
  }

  RawWebhook form(String body) {
    return Webhooks.bytes(provider, body.getBytes(StandardCharsets.UTF_8))
        .withContentType("application/x-www-form-urlencoded");
  }

  RawWebhook query(String query) {
    return form(query).withContentType(null).withQuery(true);
  }

  /** The statuses of all entries, or the reasons why they are rejected. */
  List<String> summary(RawWebhook webhook) {
    return Webhooks.outcomes(webhook).stream().map(ProviderBodies::summary).toList();
  }

  private static String summary(Outcome outcome) {
    return outcome instanceof Outcome.Accepted accepted
        ? accepted.event().getStatus().name()
        : ((Outcome.Rejected) outcome).reason().name();
  }

  void assertRejected(RawWebhook webhook, RejectionReason reason) {
    assertThat(Webhooks.rejection(webhook).reason())
        .as(Webhooks.rejection(webhook).detail())
        .isEqualTo(reason);
  }

  static void assertTime(MessageEvent event, String time) {
    assertThat(Instant.ofEpochMilli(event.getEventTime())).isEqualTo(Instant.parse(time));
    assertThat(event.getEventTimeSource()).isEqualTo(EventTimeSource.PROVIDER);
  }
}
