package io.postflight.schema.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.topic.RejectionReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class EventJsonTest {
  private static final long SECOND = Instant.parse("2025-10-17T00:00:26Z").toEpochMilli();

  @Test
  void an_event_has_the_names_and_the_order_of_the_contract() {
    MessageEvent event =
        new MessageEvent(
            "acme",
            "wamid.1",
            "e1",
            "593990000525",
            "message.failed",
            "whatsapp",
            "WHATSAPP",
            Direction.OUTBOUND,
            Status.FAILED,
            "failed",
            SECOND,
            EventTimeSource.PROVIDER,
            SECOND + 120,
            new EventError("131047", "Re-engagement message", "Too \"late\""),
            new Price("0.0075", "USD", "service", false),
            "1555",
            "593990000525",
            "hello",
            Map.of("b", "2", "a", "1"),
            new RawReference(0, 1L, 2),
            List.of("DE.777"),
            List.of());

    assertThat(EventJson.event(event))
        .isEqualTo(
            "{\"tenant\":\"acme\",\"messageId\":\"wamid.1\",\"eventId\":\"e1\","
                + "\"userId\":\"593990000525\",\"aliases\":[\"DE.777\"],\"type\":\"message.failed\","
                + "\"provider\":\"whatsapp\",\"channel\":\"WHATSAPP\","
                + "\"direction\":\"OUTBOUND\",\"status\":\"FAILED\","
                + "\"providerStatus\":\"failed\",\"eventTime\":\"2025-10-17T00:00:26Z\","
                + "\"eventTimeSource\":\"PROVIDER\","
                + "\"receivedAt\":\"2025-10-17T00:00:26.120Z\","
                + "\"error\":{\"code\":\"131047\",\"title\":\"Re-engagement message\","
                + "\"detail\":\"Too \\\"late\\\"\"},"
                + "\"price\":{\"amount\":\"0.0075\",\"currency\":\"USD\","
                + "\"category\":\"service\",\"billable\":false},"
                + "\"sender\":\"1555\",\"recipient\":\"593990000525\",\"body\":\"hello\","
                + "\"attributes\":{\"a\":\"1\",\"b\":\"2\"}}");
  }

  @Test
  void fields_without_a_value_are_omitted() {
    MessageEvent event =
        MessageEvent.newBuilder()
            .setTenant("acme")
            .setEventId("e1")
            .setUserId("u1")
            .setType("product_viewed")
            .setProvider("events")
            .setChannel("OTHER")
            .setDirection(Direction.INBOUND)
            .setStatus(Status.ACTION)
            .setEventTime(SECOND)
            .setEventTimeSource(EventTimeSource.ARRIVAL)
            .setReceivedAt(SECOND)
            .build();

    assertThat(EventJson.event(event))
        .isEqualTo(
            "{\"tenant\":\"acme\",\"eventId\":\"e1\",\"userId\":\"u1\","
                + "\"type\":\"product_viewed\",\"provider\":\"events\",\"channel\":\"OTHER\","
                + "\"direction\":\"INBOUND\",\"status\":\"ACTION\","
                + "\"eventTime\":\"2025-10-17T00:00:26Z\",\"eventTimeSource\":\"ARRIVAL\","
                + "\"receivedAt\":\"2025-10-17T00:00:26Z\",\"attributes\":{}}");
  }

  @Test
  void a_rejection_names_reason_detail_provider_and_index() {
    String line =
        EventJson.rejection(
            "whatsapp",
            3,
            RejectionReason.UNKNOWN_STATUS,
            "status 'in_orbit' of whatsapp is not known");

    assertThat(line)
        .isEqualTo(
            "{\"rejected\":true,\"reason\":\"UNKNOWN_STATUS\","
                + "\"detail\":\"status 'in_orbit' of whatsapp is not known\","
                + "\"provider\":\"whatsapp\",\"index\":3}");
  }
}
