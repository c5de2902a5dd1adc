package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import org.junit.jupiter.api.Test;

class StandardAdapterTest {
  private static final ProviderBodies STANDARD = new ProviderBodies("standard");

  @Test
  void the_body_is_our_own_json() {
    MessageEvent event =
        event(
            STANDARD.json(
                "{\"messageId\":\"m\",\"userId\":\"u\",\"status\":\"READ\",\"eventTime\":1772352000}"));

    assertThat(event.getProvider()).isEqualTo("standard");
    assertThat(event.getStatus()).isEqualTo(Status.READ);
  }

  @Test
  void the_entries_of_an_array_are_accepted_and_rejected_alone() {
    String body =
        "[{\"userId\":\"u\",\"type\":\"product_viewed\"},{\"messageId\":\"m\",\"status\":\"HUH\"},"
            + "{\"messageId\":\"m\",\"status\":\"READ\",\"colour\":1}]";

    assertThat(STANDARD.summary(STANDARD.json(body)))
        .containsExactly("ACTION", "UNKNOWN_STATUS", "MALFORMED_BODY");
  }

  @Test
  void what_is_not_json_is_rejected() {
    STANDARD.assertRejected(STANDARD.json("hello"), RejectionReason.MALFORMED_BODY);
  }
}
