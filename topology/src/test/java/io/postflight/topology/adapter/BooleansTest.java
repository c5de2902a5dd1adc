package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.whatsAppStatuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Booleans of providers, in all forms in which they are written. */
class BooleansTest {
  @ParameterizedTest
  @CsvSource({
    "true, true",
    "TRUE, true",
    "True, true",
    "1, true",
    "false, false",
    "FALSE, false",
    "False, false",
    "0, false",
    "yes,",
    "2,",
    "'',",
    ","
  })
  void a_text_is_true_false_or_none(String text, Boolean expected) {
    assertThat(Booleans.of(text)).isEqualTo(expected);
    assertThat(Booleans.isTrue(text)).isEqualTo(Boolean.TRUE.equals(expected));
    assertThat(Booleans.isFalse(text)).isEqualTo(Boolean.FALSE.equals(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "0", "0.0", "\"false\"", "\"FALSE\"", "\"False\"", "\"0\""})
  void a_read_message_that_is_not_from_us_is_read_by_us(String fromMe) {
    MessageEvent read = event(json("wasender", update(fromMe)));

    assertThat(read.getStatus()).isEqualTo(Status.ANNOTATION);
    assertThat(read.getDirection()).isEqualTo(Direction.INBOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "1", "\"true\"", "\"TRUE\"", "\"1\"", "null"})
  void a_read_message_that_is_ours_is_read_by_the_user(String fromMe) {
    assertThat(event(json("wasender", update(fromMe))).getStatus()).isEqualTo(Status.READ);
  }

  private static String update(String fromMe) {
    return """
        {"event":"messages.update","data":{"update":{"status":"READ"},
          "key":{"id":"m","remoteJid":"34600111222@s.whatsapp.net","fromMe":%s}}}"""
        .formatted(fromMe);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "0", "\"False\""})
  void a_message_that_was_not_sent_has_failed(String success) {
    String body =
        """
        {"event":"message.sent","data":{"success":%s,"message":{"conversation":"a"},
          "key":{"id":"m","remoteJid":"34600111222@s.whatsapp.net","fromMe":1}}}"""
            .formatted(success);

    assertThat(event(json("wasender", body)).getStatus()).isEqualTo(Status.FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "0", "\"False\""})
  void a_success_of_amazon_that_is_not_final_is_sent(String isFinal) {
    String body =
        """
        {"eventType":"TEXT_SUCCESSFUL","messageId":"m","messageStatus":"SUCCESSFUL",
          "isFinal":%s}"""
            .formatted(isFinal);

    assertThat(event(json("aws", body)).getStatus()).isEqualTo(Status.SENT);
  }

  @ParameterizedTest
  @CsvSource({
    "true, true",
    "1, true",
    "'\"TRUE\"', true",
    "false, false",
    "0, false",
    "'\"False\"', false",
    "'\"perhaps\"',",
    "null,"
  })
  void a_status_of_whatsapp_is_billable_in_any_form(String billable, Boolean expected) {
    String status =
        "{\"id\":\"m\",\"status\":\"sent\",\"pricing\":{\"billable\":%s,\"category\":\"utility\"}}"
            .formatted(billable);
    Price price = new Price(null, null, "utility", expected);

    assertThat(event(json("whatsapp", whatsAppStatuses(status))).getPrice()).isEqualTo(price);
    assertThat(event(json("whatsapp-onprem", "{\"statuses\":[" + status + "]}")).getPrice())
        .isEqualTo(price);
  }

  @Test
  void a_structure_instead_of_a_boolean_does_not_end_its_object() {
    String status =
        "{\"id\":\"m\",\"pricing\":{\"billable\":{\"a\":[1]},\"category\":\"utility\"},"
            + "\"status\":\"sent\"}";

    assertThat(event(json("whatsapp", whatsAppStatuses(status))).getPrice())
        .isEqualTo(new Price(null, null, "utility", null));
  }
}
