package io.postflight.topology.adapter;

import static io.postflight.topology.adapter.ProviderBodies.assertTime;
import static io.postflight.topology.normalize.Webhooks.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FireTextAdapterTest {
  private static final ProviderBodies FIRETEXT = new ProviderBodies("firetext");

  @ParameterizedTest
  @CsvSource({"0, DELIVERED", "1, FAILED", "2, SENT"})
  void each_status_maps_to_a_canonical_status(String word, Status status) {
    String receipt = "mobile=447700900000&reference=r&status=" + word;

    assertThat(event(FIRETEXT.form(receipt)).getStatus()).isEqualTo(status);
    assertThat(event(FIRETEXT.query(receipt)).getStatus()).isEqualTo(status);
  }

  @Test
  void a_receipt_has_user_time_and_code() {
    MessageEvent declined =
        event(
            FIRETEXT.form(
                "mobile=447700900000&status=1&code=101&time=2026-03-01+08%3A00%3A00&reference=r"));

    assertThat(declined.getMessageId()).isEqualTo("r");
    assertThat(declined.getUserId()).isEqualTo("447700900000");
    assertThat(declined.getError()).isEqualTo(new EventError("101", null, null));
    assertTime(declined, "2026-03-01T08:00:00Z");
  }

  @Test
  void the_code_of_success_is_no_error() {
    assertThat(event(FIRETEXT.form("status=1&code=000&reference=r")).getError()).isNull();
    assertThat(event(FIRETEXT.form("status=0&code=000&reference=r")).getError()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "status=7&reference=r, UNKNOWN_STATUS",
    "status=0&mobile=447700900000, MISSING_MESSAGE_ID",
    "reference=r, MALFORMED_BODY",
    "hello=1, MALFORMED_BODY",
    "status=0&reference=r&time=soon, MALFORMED_BODY",
    "source=447700900000&destination=1&message=Hello, UNSUPPORTED_EVENT"
  })
  void other_forms_are_rejected(String form, RejectionReason reason) {
    FIRETEXT.assertRejected(FIRETEXT.form(form), reason);
  }
}
