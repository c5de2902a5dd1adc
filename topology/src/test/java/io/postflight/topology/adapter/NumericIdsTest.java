package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.MessageEvent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ids as numbers of a library that knows doubles only: they are those of the text. */
class NumericIdsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          vonage          | {"message_uuid":"m","status":"delivered","channel":"sms","to":%s}
          infobip         | {"results":[{"messageId":"m","to":%s,"status":{"groupName":"DELIVERED"}}]}
          sinch           | {"type":"recipient_delivery_report_sms","batch_id":"B","recipient":%s,"code":0,"status":"Delivered"}
          messagebird     | {"type":"message.updated","message":{"id":"m","status":"sent","to":%s}}
          sendgrid        | [{"event":"delivered","sg_message_id":%s,"email":"a@b.c"}]
          aws             | {"eventType":"TEXT_DELIVERED","messageId":"m","messageStatus":"DELIVERED","destinationPhoneNumber":%s}
          whatsapp-onprem | {"statuses":[{"id":"m","status":"sent","recipient_id":%s}]}
          """)
  void a_whole_double_is_the_id_of_its_digits(String provider, String body) {
    MessageEvent text = event(json(provider, body.formatted("\"593990000525\"")));

    assertThat(text.getMessageId() + text.getUserId()).contains("593990000525");
    for (String number : new String[] {"593990000525", "5.93990000525E11", "593990000525.0"}) {
      MessageEvent event = event(json(provider, body.formatted(number)));

      assertThat(event.getEventId()).isEqualTo(text.getEventId());
      assertThat(event.getUserId()).isEqualTo(text.getUserId());
      assertThat(event.getMessageId()).isEqualTo(text.getMessageId());
    }
  }
}
