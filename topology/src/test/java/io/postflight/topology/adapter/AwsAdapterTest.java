package io.postflight.topology.adapter;

import static io.postflight.topology.adapter.ProviderBodies.assertTime;
import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsAdapterTest {
  private static final ProviderBodies AWS = new ProviderBodies("aws");

  private static String sns(String message) {
    return "{\"Type\":\"Notification\",\"MessageId\":\"n\",\"TopicArn\":\"arn:aws:sns:eu-west-1:1:t\","
        + "\"Message\":\""
        + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(message))
        + "\",\"Timestamp\":\"2026-03-01T08:00:01.000Z\",\"SignatureVersion\":\"1\"}";
  }

  private static String firehose(String... records) {
    return Arrays.stream(records)
        .map(each -> each.getBytes(StandardCharsets.UTF_8))
        .map(each -> "{\"data\":\"" + Base64.getEncoder().encodeToString(each) + "\"}")
        .collect(
            Collectors.joining(
                ",", "{\"requestId\":\"q\",\"timestamp\":1772352000000,\"records\":[", "]}"));
  }

  private static String text(String status, String more) {
    return "{\"eventType\":\"TEXT_"
        + status
        + "\",\"eventTimestamp\":1772352000000,\"messageId\":\"m\",\"messageStatus\":\""
        + status
        + "\",\"destinationPhoneNumber\":\"+34600111222\""
        + more
        + "}";
  }

  private static String mail(String kind, String more) {
    return "{\"eventType\":\""
        + kind
        + "\",\"mail\":{\"timestamp\":\"2026-03-01T08:00:00.000Z\",\"messageId\":\"m\",\"source\":"
        + "\"shop@example.com\",\"destination\":[\"ana@example.com\"]}"
        + more
        + "}";
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED, true, QUEUED",
    "SENT, false, SENT",
    "PENDING, false, SENT",
    "SUCCESSFUL, false, SENT",
    "SUCCESSFUL, true, DELIVERED",
    "DELIVERED, true, DELIVERED",
    "TTL_EXPIRED, true, EXPIRED",
    "BLOCKED, true, FAILED",
    "CARRIER_BLOCKED, true, FAILED",
    "CARRIER_UNREACHABLE, true, FAILED",
    "CARRIER_UNREACHABLE, false, SENDING",
    "INVALID, true, FAILED",
    "INVALID_MESSAGE, true, FAILED",
    "PROTECT_BLOCKED, true, FAILED",
    "SPAM, true, FAILED",
    "UNKNOWN, true, ANNOTATION",
    "MEDIA_FILE_SIZE_EXCEEDED, true, FAILED",
    "UNREACHABLE, true, FAILED"
  })
  void each_status_of_text_messages_maps_to_a_canonical_status(
      String word, boolean last, Status status) {
    String event = text(word, ",\"isFinal\":" + last);

    assertThat(event(AWS.json(event)).getStatus()).isEqualTo(status);
    assertThat(event(AWS.json(sns(event))).getStatus()).isEqualTo(status);
    assertThat(event(AWS.json(firehose(event))).getStatus()).isEqualTo(status);
    assertThat(event(AWS.json(firehose(sns(event)))).getStatus()).isEqualTo(status);
  }

  @Test
  void a_text_message_has_user_price_error_and_time() {
    MessageEvent failed =
        event(
            AWS.json(
                sns(
                    text(
                        "BLOCKED",
                        ",\"isFinal\":true,\"originationPhoneNumber\":\"+1\",\"totalMessagePrice\":"
                            + "5.81E-3,\"messageStatusDescription\":\"Opted out\""))));

    assertThat(failed.getUserId()).isEqualTo("34600111222");
    assertThat(failed.getSender()).isEqualTo("+1");
    assertThat(failed.getPrice()).isEqualTo(new Price("0.00581", "USD", null, null));
    assertThat(failed.getError()).isEqualTo(new EventError("BLOCKED", "Opted out", null));
    assertTime(failed, "2026-03-01T08:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "VOICE_INITIATED, SENDING",
    "VOICE_RINGING, SENDING",
    "VOICE_ANSWERED, DELIVERED",
    "VOICE_COMPLETED, DELIVERED",
    "VOICE_BUSY, FAILED",
    "VOICE_NO_ANSWER, FAILED",
    "VOICE_FAILED, FAILED",
    "VOICE_TTL_EXPIRED, EXPIRED"
  })
  void a_voice_message_has_its_status_in_the_type(String type, Status status) {
    String event = "{\"eventType\":\"" + type + "\",\"messageId\":\"m\"}";

    assertThat(event(AWS.json(event)).getStatus()).isEqualTo(status);
    assertThat(event(AWS.json(event)).getChannel()).isEqualTo("VOICE");
  }

  @ParameterizedTest
  @CsvSource({"SUCCESS, DELIVERED", "FAILURE, FAILED"})
  void a_text_message_of_sns_has_a_notification(String word, Status status) {
    MessageEvent event =
        event(
            AWS.json(
                sns(
                    "{\"notification\":{\"messageId\":\"m\",\"timestamp\":\"2026-03-01 08:00:00.500\"},"
                        + "\"delivery\":{\"destination\":\"+34600111222\",\"priceInUSD\":0.00645,"
                        + "\"providerResponse\":\"Unreachable\"},\"status\":\""
                        + word
                        + "\"}")));

    assertThat(event.getStatus()).isEqualTo(status);
    assertThat(event.getUserId()).isEqualTo("34600111222");
    assertTime(event, "2026-03-01T08:00:00.500Z");
  }

  @ParameterizedTest
  @CsvSource({
    "Send, ACCEPTED",
    "DeliveryDelay, SENDING",
    "Delivery, DELIVERED",
    "Open, READ",
    "Click, READ",
    "Bounce, FAILED",
    "Reject, FAILED",
    "Rendering Failure, FAILED",
    "Complaint, ANNOTATION",
    "Subscription, ANNOTATION"
  })
  void each_event_of_email_maps_to_a_canonical_status(String kind, Status status) {
    MessageEvent event = event(AWS.json(sns(mail(kind, ""))));

    assertThat(event.getStatus()).isEqualTo(status);
    assertThat(event.getChannel()).isEqualTo("EMAIL");
    assertThat(event.getUserId()).isEqualTo("ana@example.com");
    assertThat(event.getSender()).isEqualTo("shop@example.com");
    assertTime(event, "2026-03-01T08:00:00Z");
  }

  @Test
  void an_event_of_email_has_an_entry_for_each_recipient() {
    List<MessageEvent> events =
        events(
            AWS.json(
                mail(
                    "Bounce",
                    ",\"bounce\":{\"bounceType\":\"Permanent\",\"timestamp\":\"2026-03-01T08:00:02Z\","
                        + "\"feedbackId\":\"f\",\"bouncedRecipients\":[{\"emailAddress\":\"ana@example.com\","
                        + "\"status\":\"5.1.1\",\"diagnosticCode\":\"550 unknown\"},"
                        + "{\"emailAddress\":\"eva@example.com\"}]}")));

    assertThat(events)
        .extracting(MessageEvent::getUserId)
        .containsExactly("ana@example.com", "eva@example.com");
    assertThat(events).extracting(MessageEvent::getEventId).doesNotHaveDuplicates();
    assertThat(events.get(0).getError())
        .isEqualTo(new EventError("5.1.1", "Permanent", "550 unknown"));
    assertTime(events.get(0), "2026-03-01T08:00:02Z");
  }

  @Test
  void an_inbound_text_message_is_received() {
    MessageEvent sms =
        event(
            AWS.json(
                sns(
                    "{\"originationNumber\":\"+34600111222\",\"destinationNumber\":\"+1\","
                        + "\"messageKeyword\":\"JOIN\",\"messageBody\":\"Hola\","
                        + "\"inboundMessageId\":\"i\"}")));

    assertThat(sms.getStatus()).isEqualTo(Status.RECEIVED);
    assertThat(sms.getDirection()).isEqualTo(Direction.INBOUND);
    assertThat(sms.getUserId()).isEqualTo("34600111222");
    assertThat(sms.getBody()).isEqualTo("Hola");
  }

  @Test
  void an_event_stream_of_pinpoint_has_its_status_in_the_attributes() {
    MessageEvent event =
        event(
            AWS.json(
                firehose(
                    "{\"event_type\":\"_SMS.FAILURE\",\"event_timestamp\":1772352000000,\"attributes\":{"
                        + "\"message_id\":\"m\",\"record_status\":\"PERMANENT_FAILURE\","
                        + "\"destination_phone_number\":\"+34600111222\"}}")));

    assertThat(event.getStatus()).isEqualTo(Status.FAILED);
    assertThat(event.getMessageId()).isEqualTo("m");
    assertTime(event, "2026-03-01T08:00:00Z");
  }

  @Test
  void only_the_bad_records_of_a_batch_are_rejected() {
    String body =
        firehose(
                text("DELIVERED", ""),
                text("ORBITING", ""),
                "{\"eventType\":\"TEXT_SENT\"}",
                "not json",
                "{\"messageStatus\"",
                sns("Successfully validated SNS topic"),
                "{\"hello\":1}",
                text("SENT", ",\"isFinal\":false"))
            .replace("]}", ",{\"data\":\"%%\"},{\"data\":\"/w==\"},{\"data\":[1]},7]}");

    assertThat(AWS.summary(AWS.json(body)))
        .containsExactly(
            "DELIVERED",
            "UNKNOWN_STATUS",
            "MISSING_MESSAGE_ID",
            "MALFORMED_BODY",
            "MALFORMED_BODY",
            "UNSUPPORTED_EVENT",
            "MALFORMED_BODY",
            "SENT",
            "MALFORMED_BODY",
            "MALFORMED_BODY",
            "MALFORMED_BODY",
            "MALFORMED_BODY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\n\n", "", " "})
  void a_record_may_have_several_events(String separator) {
    String record =
        String.join(
            separator, text("SENT", ""), sns(text("DELIVERED", "")), text("QUEUED", ""), "");

    assertThat(AWS.summary(AWS.json(firehose(record, text("PENDING", "")))))
        .containsExactly("SENT", "DELIVERED", "QUEUED", "SENT");
  }

  @Test
  void only_the_bad_events_of_a_record_are_rejected() {
    String record =
        String.join(
            "\n",
            text("SENT", ""),
            "{\"eventType\":\"TEXT_SENT\",\"messageId\":",
            text("ORBITING", ""),
            "not json",
            "[1]",
            text("DELIVERED", "") + text("QUEUED", ""),
            "");

    assertThat(AWS.summary(AWS.json(firehose(record))))
        .containsExactly(
            "SENT",
            "MALFORMED_BODY",
            "UNKNOWN_STATUS",
            "MALFORMED_BODY",
            "MALFORMED_BODY",
            "DELIVERED",
            "QUEUED");
  }

  @ParameterizedTest
  @CsvSource({"'', SENT", "'}', MALFORMED_BODY"})
  void an_event_may_have_several_lines(String more, String outcome) {
    String lines = text("SENT", ",\"list\":[{\"a\":1},{\"b\":2}]").replace(",", ",\n  ");

    assertThat(AWS.summary(AWS.json(firehose(lines + more)))).containsExactly(outcome);
  }

  @Test
  void beside_the_message_of_sns_nothing_is_read() {
    String forged = firehose(text("BLOCKED", ",\"isFinal\":true"));
    String records = forged.substring(forged.indexOf("\"records\""), forged.length() - 1);
    String event = text("DELIVERED", "");

    assertThat(
            AWS.summary(AWS.json(sns(event).replaceFirst("\\{", "{" + records + ",\"mail\":{},"))))
        .containsExactly("DELIVERED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Open", "Click", "Subscription"})
  void what_a_reader_does_is_of_nobody_if_an_email_had_several(String kind) {
    String mail =
        mail(kind, "")
            .replace("[\"ana@example.com\"]", "[\"ana@example.com\",\"eva@example.com\"]");

    assertThat(events(AWS.json(mail)))
        .singleElement()
        .satisfies(each -> assertThat(each.getUserId()).isNull())
        .satisfies(each -> assertThat(each.getMessageId()).isEqualTo("m"));
    assertThat(events(AWS.json(mail.replace(kind, "Send")))).hasSize(2);
  }

  @Test
  void an_event_with_the_agent_of_rcs_is_of_rcs() {
    String event = text("DELIVERED", ",\"rcsBusinessId\":\"agent\"");

    assertThat(event(AWS.json(event)).getChannel()).isEqualTo("RCS");
  }

  @Test
  void an_email_that_ses_received_is_not_a_message_of_ours() {
    AWS.assertRejected(
        AWS.json("{\"notificationType\":\"Received\",\"mail\":{\"messageId\":\"m\"}}"),
        RejectionReason.UNSUPPORTED_EVENT);
  }

  @Test
  void entries_do_not_repeat_shared_values_without_limit() {
    String subject = "\"commonHeaders\":{\"subject\":\"" + "x".repeat(4096) + "\"},";
    String record =
        mail("Send", "")
            .replace("\"source\"", subject + "\"source\"")
            .replace("[\"ana@example.com\"]", "[" + "\"a@b\",".repeat(999) + "\"a@b\"]");

    assertThat(AWS.summary(AWS.json(record))).hasSize(1000).containsOnly("ACCEPTED");
    AWS.assertRejected(
        AWS.json(record.replace("[\"a@b\"", "[\"a@b\",\"a@b\"")), RejectionReason.TOO_LARGE);
    AWS.assertRejected(
        AWS.json(firehose(record, record, record, record, record)), RejectionReason.TOO_LARGE);
  }

  @Test
  void envelopes_are_opened_to_a_limited_depth() {
    String body = text("DELIVERED", "");
    for (int i = 0; i < 3; i++) {
      body = sns(body);
    }

    AWS.assertRejected(AWS.json(body), RejectionReason.MALFORMED_BODY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"Type":"SubscriptionConfirmation","TopicArn":"a","Message":"You have chosen"} | UNSUPPORTED_EVENT
          {"Type":"UnsubscribeConfirmation","TopicArn":"a","Message":"You have chosen"}  | UNSUPPORTED_EVENT
          {"Type":"Notification","TopicArn":"a","Message":"Hello"}                       | UNSUPPORTED_EVENT
          {"Type":"Notification","TopicArn":"a","Message":{"messageId":"m"}}             | UNSUPPORTED_EVENT
          {"requestId":"q","records":[]}                                                 | UNSUPPORTED_EVENT
          {"event_type":"_session.start"}                                                | UNSUPPORTED_EVENT
          {"eventType":"TEXT_SENT","messageId":1.5}                                      | MALFORMED_BODY
          {"eventType":"TEXT_SENT","messageId":"m","eventTimestamp":[1]}                 | MALFORMED_BODY
          {"notificationType":"Delivery","mail":{"messageId":"m"},"delivery":{"recipients":[{"x":1}]}} | EVENT
          {"notificationType":"Delivery","mail":{"messageId":"m"},"delivery":{"recipients":[[1]]}} | MALFORMED_BODY
          {"notificationType":"Bounced","mail":{"messageId":"m"}}                        | UNKNOWN_STATUS
          {"notificationType":"Bounce","mail":{}}                                        | MISSING_MESSAGE_ID
          {}                                                                             | MALFORMED_BODY
          []                                                                             | MALFORMED_BODY
          """)
  void other_bodies_are_rejected(String body, String outcome) {
    if (outcome.equals("EVENT")) {
      assertThat(event(AWS.json(body)).getStatus()).isEqualTo(Status.DELIVERED);
    } else {
      AWS.assertRejected(AWS.json(body), RejectionReason.valueOf(outcome));
    }
  }
}
