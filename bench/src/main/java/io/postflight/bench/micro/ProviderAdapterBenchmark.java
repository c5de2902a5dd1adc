package io.postflight.bench.micro;

import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The JSON adapters of text messages and email on one core: raw bytes to canonical events, one
 * event per webhook, in events per second. Each status has the fields that its provider documents.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class ProviderAdapterBenchmark {
  private static final long ARRIVAL = Instant.parse("2026-03-01T09:00:00Z").toEpochMilli();

  private final Normalizer normalizer = Normalizer.ofAllProviders();

  /** The provider. */
  @Param({
    "whatsapp-onprem",
    "vonage",
    "infobip",
    "sinch",
    "messagebird",
    "sendgrid",
    "aws",
    "standard"
  })
  public String provider = "";

  private RawWebhook webhook = RawWebhook.of("", "acme", 0, new byte[0]);

  /** Prepares the webhook. */
  @Setup
  public void prepare() {
    webhook =
        RawWebhook.of(provider, "acme", ARRIVAL, body().getBytes(StandardCharsets.UTF_8))
            .withContentType("application/json");
    if (!(normalizer.normalize(webhook).get(0) instanceof Outcome.Accepted)) {
      throw new IllegalStateException("the webhook is rejected: " + normalizer.normalize(webhook));
    }
  }

  /** One status per webhook. */
  @Benchmark
  public List<Outcome> singleStatus() {
    return normalizer.normalize(webhook);
  }

  private String body() {
    return switch (provider) {
      case "whatsapp-onprem" ->
          """
          {"statuses":[{"id":"gBGGFlB5YjhvAgnhuF1qIUvCo7A","status":"delivered",
            "timestamp":"1772352000","recipient_id":"34600111222",
            "conversation":{"id":"c0ffee00c0ffee00c0ffee00c0ffee00"},
            "pricing":{"billable":true,"pricing_model":"CBP"}}]}""";
      case "vonage" ->
          """
          {"message_uuid":"5b0c5a8e-6c1f-4a43-9a56-5b2d0e5f0a11","to":"34600111222",
            "from":"34900000001","timestamp":"2026-03-01T08:00:00Z","status":"delivered",
            "channel":"sms","client_ref":"order 7","destination":{"network_code":"21401"},
            "usage":{"currency":"EUR","price":"0.0333"},"sms":{"count_total":"2"}}""";
      case "infobip" ->
          """
          {"results":[{"bulkId":"b-1","messageId":"12db39c3-7822-4e72-a3ec-c87442c0ffc5",
            "to":"34600111222","sentAt":"2026-03-01T08:00:00.000+0000",
            "doneAt":"2026-03-01T08:00:01.000+0000","messageCount":1,
            "price":{"pricePerMessage":0.01,"currency":"EUR"},
            "status":{"groupId":3,"groupName":"DELIVERED","id":5,"name":"DELIVERED_TO_HANDSET",
              "description":"Message delivered to handset"},
            "error":{"groupId":0,"groupName":"OK","id":0,"name":"NO_ERROR",
              "description":"No Error","permanent":false}}]}""";
      case "sinch" ->
          """
          {"app_id":"01EB37HMH1M6SV18BSNS3G135H","accepted_time":"2026-03-01T08:00:01.659Z",
            "event_time":"2026-03-01T08:00:00.267185Z",
            "project_id":"c36f3d3d-1513-2edd-ae42-11995557ff61",
            "message_delivery_report":{"message_id":"01EQBC1A3BEK731GY4YXEN0C2R",
              "conversation_id":"01EPYATA64TMNZ1FV02JKF12JF","status":"DELIVERED",
              "channel_identity":{"channel":"RCS","identity":"34600111222",
                "app_id":"01EB27HMH1M6SV18ASNS3G135H"},
              "contact_id":"01EXA07N79THJ20WSN6AS30TMW","metadata":""}}""";
      case "messagebird" ->
          """
          {"type":"message.updated","contact":{"id":"9d754dac","msisdn":34600111222,
            "displayName":"Ana"},"conversation":{"id":"c1"},
            "message":{"id":"8909570ca12f4d4d8b0a","conversationId":"c1","platform":"whatsapp",
              "to":"+34600111222","from":"+34900000001","channelId":"ch","type":"text",
              "content":{"text":"Hola"},"direction":"sent","status":"delivered",
              "createdDatetime":"2026-03-01T08:00:00Z","updatedDatetime":"2026-03-01T08:00:01Z"}}""";
      case "sendgrid" ->
          """
          [{"email":"ana@example.com","timestamp":1772352000,"event":"delivered","ip":"10.0.0.1",
            "smtp-id":"<wrfRRvF7Q0GgwUo2CvDmEA@ismtpd0006p1sjc2.sendgrid.net>",
            "sg_event_id":"lC0Rc-FuQmKbnxCWxX1jRQ","category":["order"],"response":"250 OK",
            "sg_message_id":"Lli-03HcQ5-JLybO9fXsJg.filter0077p1las1.21536.5717FC482.0"}]""";
      case "aws" ->
          """
          {"Type":"Notification","MessageId":"8e83c020-1234-1234-1234-92a8ee9baa0a",
            "TopicArn":"arn:aws:sns:eu-west-1:123456789012:sms","Message":"{\\"eventType\\":\\"TEXT_DELIVERED\\",\\"eventVersion\\":\\"1.0\\",\\"eventTimestamp\\":1772352000000,\\"isFinal\\":true,\\"originationPhoneNumber\\":\\"+34900000001\\",\\"destinationPhoneNumber\\":\\"+34600111222\\",\\"isoCountryCode\\":\\"ES\\",\\"messageId\\":\\"b9a1c2d3\\",\\"messageStatus\\":\\"DELIVERED\\",\\"totalMessageParts\\":1,\\"totalMessagePrice\\":0.00581}",
            "Timestamp":"2026-03-01T08:00:01.000Z","SignatureVersion":"1","Signature":"x",
            "SigningCertURL":"https://sns.eu-west-1.amazonaws.com/x.pem"}""";
      case "standard" ->
          """
          {"messageId":"m-1","userId":"u-1","channel":"SMS","status":"DELIVERED",
            "eventTime":"2026-03-01T08:00:00Z"}""";
      default -> throw new IllegalArgumentException("no webhook of " + provider);
    };
  }
}
