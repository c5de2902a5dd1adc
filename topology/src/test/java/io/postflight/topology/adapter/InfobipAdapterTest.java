package io.postflight.topology.adapter;

import static io.postflight.topology.adapter.ProviderBodies.assertTime;
import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InfobipAdapterTest {
  private static final ProviderBodies INFOBIP = new ProviderBodies("infobip");

  private static String results(String results) {
    return "{\"results\":[" + results + "]}";
  }

  @ParameterizedTest
  @CsvSource({
    "ACCEPTED, 0, ACCEPTED",
    "PENDING, 1, SENT",
    "UNDELIVERABLE, 2, FAILED",
    "DELIVERED, 3, DELIVERED",
    "EXPIRED, 4, EXPIRED",
    "REJECTED, 5, FAILED"
  })
  void each_group_maps_to_a_canonical_status(String name, int id, Status status) {
    String named = results("{\"messageId\":\"m\",\"status\":{\"groupName\":\"" + name + "\"}}");
    String numbered = results("{\"messageId\":\"m\",\"status\":{\"groupId\":" + id + "}}");

    assertThat(event(INFOBIP.json(named)).getStatus()).isEqualTo(status);
    assertThat(event(INFOBIP.json(numbered)).getStatus()).isEqualTo(status);
  }

  @Test
  void delivered_to_the_operator_is_not_delivered() {
    String body =
        results(
            "{\"messageId\":\"m\",\"status\":{\"groupName\":\"DELIVERED\","
                + "\"name\":\"DELIVERED_TO_OPERATOR\"}}");

    assertThat(event(INFOBIP.json(body)).getStatus()).isEqualTo(Status.SENT);
    assertThat(event(INFOBIP.json(body)).getProviderStatus()).isEqualTo("DELIVERED_TO_OPERATOR");
  }

  @Test
  void a_report_has_time_user_price_and_error() {
    MessageEvent report =
        event(
            INFOBIP.json(
                results(
                    """
                    {"bulkId":"b","messageId":"m","to":"34600111222","from":"ACME",
                     "sentAt":"2026-03-01T07:59:00.000+0000","doneAt":"2026-03-01T09:00:00.000+0100",
                     "price":{"pricePerMessage":1.0E-2,"currency":"EUR"},"callbackData":"order 7",
                     "status":{"groupId":2,"groupName":"UNDELIVERABLE","id":9,
                               "name":"UNDELIVERABLE_NOT_DELIVERED","description":"Not delivered"},
                     "error":{"groupId":1,"groupName":"HANDSET_ERRORS","id":27,
                              "name":"EC_ABSENT_SUBSCRIBER","description":"Absent"}}""")));

    assertThat(report.getUserId()).isEqualTo("34600111222");
    assertThat(report.getChannel()).isEqualTo("SMS");
    assertThat(report.getError()).isEqualTo(new EventError("27", "EC_ABSENT_SUBSCRIBER", "Absent"));
    assertThat(report.getPrice()).isEqualTo(new Price("0.010", "EUR", null, null));
    assertThat(report.getAttributes()).containsEntry("callbackData", "order 7");
    assertTime(report, "2026-03-01T08:00:00Z");
  }

  @Test
  void the_same_report_twice_in_one_body_is_one_event() {
    String result = "{\"messageId\":\"m\",\"status\":{\"groupName\":\"PENDING\"}}";
    List<MessageEvent> events = events(INFOBIP.json(results(result + ',' + result)));

    assertThat(events).hasSize(2);
    assertThat(events.get(0).getEventId()).isEqualTo(events.get(1).getEventId());
  }

  @Test
  void a_seen_report_is_read() {
    MessageEvent seen =
        event(
            INFOBIP.json(
                results(
                    "{\"messageId\":\"m\",\"from\":\"ACME\",\"to\":\"34600111222\",\"channel\":"
                        + "\"WHATSAPP\",\"sentAt\":\"2026-03-01T07:00:00Z\",\"seenAt\":"
                        + "\"2026-03-01T08:00:00Z\"}")));

    assertThat(seen.getStatus()).isEqualTo(Status.READ);
    assertThat(seen.getChannel()).isEqualTo("WHATSAPP");
    assertTime(seen, "2026-03-01T08:00:00Z");
  }

  @Test
  void inbound_messages_are_received() {
    String body =
        results(
            """
            {"messageId":"s","from":"34600111222","to":"34900000001","text":"JOIN now",
             "cleanText":"now","keyword":"JOIN","receivedAt":"2026-03-01T08:00:00.000+0000"},
            {"messageId":"w","from":"34600111222","to":"34900000001","integrationType":"WHATSAPP",
             "receivedAt":"2026-03-01T08:00:00.000+0000","contact":{"name":"Ana"},
             "message":{"type":"IMAGE","caption":"Look","url":"https://x/i.jpg"}}""");
    List<MessageEvent> events = events(INFOBIP.json(body));

    assertThat(events).allMatch(each -> each.getStatus() == Status.RECEIVED);
    assertThat(events).allMatch(each -> each.getDirection() == Direction.INBOUND);
    assertThat(events).extracting(MessageEvent::getBody).containsExactly("JOIN now", "Look");
    assertThat(events.get(1).getAttributes())
        .containsEntry("messageType", "image")
        .containsEntry("mediaUrl", "https://x/i.jpg")
        .containsEntry("profileName", "Ana");
  }

  @Test
  void an_email_that_is_opened_is_read() {
    String body =
        "{\"notificationType\":\"OPENED\",\"messageId\":\"m\",\"recipient\":\"ana@example.com\","
            + "\"sendDateTime\":1772352000000}";

    assertThat(event(INFOBIP.json(body)).getStatus()).isEqualTo(Status.READ);
    assertThat(event(INFOBIP.json(body)).getUserId()).isEqualTo("ana@example.com");
  }

  @Test
  void only_the_bad_results_of_a_body_are_rejected() {
    String body =
        results(
            "{\"messageId\":\"m\",\"status\":{\"groupName\":\"DELIVERED\"}},"
                + "{\"messageId\":\"m\",\"status\":{\"groupName\":\"ORBITING\"}},"
                + "{\"status\":{\"groupName\":\"DELIVERED\"}},"
                + "7,"
                + "{\"messageId\":\"m\"},"
                + "{\"messageId\":\"m\",\"doneAt\":{\"x\":1},\"status\":{\"groupName\":\"DELIVERED\"}}");

    assertThat(INFOBIP.summary(INFOBIP.json(body)))
        .containsExactly(
            "DELIVERED",
            "UNKNOWN_STATUS",
            "MISSING_MESSAGE_ID",
            "MALFORMED_BODY",
            "MALFORMED_BODY",
            "MALFORMED_BODY");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"results":[]}                                            | UNSUPPORTED_EVENT
          {"results":7}                                             | MALFORMED_BODY
          {}                                                        | MALFORMED_BODY
          {"results":[{"messageId":1.5,"status":{"groupId":3}}]}    | MALFORMED_BODY
          {"results":[{"messageId":"m","status":{"groupName":"DELIVERED"} | MALFORMED_BODY
          """)
  void other_bodies_are_rejected(String body, RejectionReason reason) {
    INFOBIP.assertRejected(INFOBIP.json(body), reason);
  }
}
