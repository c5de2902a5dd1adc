package io.postflight.topology.normalize;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Normalization of any bytes has a valid and repeatable outcome. */
class NormalizerFuzzTest {
  private static final List<String> PROVIDERS =
      List.copyOf(Normalizer.ofAllProviders().providers());

  private static final List<RawWebhook> SEEDS =
      List.of(
          Webhooks.fixture("whatsapp", "whatsapp-lifecycle.json"),
          Webhooks.fixture("whatsapp", "whatsapp-inbound.json"),
          Webhooks.fixture("whatsapp", "whatsapp-group.json"),
          Webhooks.fixture("twilio", "twilio-events.json"),
          Webhooks.form("MessageSid=SM1&MessageStatus=sent&To=whatsapp%3A%2B34600&ErrorCode=1"),
          Webhooks.json(
              "wasender",
              "{\"event\":\"messages.upsert\",\"timestamp\":1760700001,\"data\":{\"messages\":[{"
                  + "\"key\":{\"id\":\"a\",\"remoteJid\":\"1@g.us\",\"participant\":\"2@c.us\"},"
                  + "\"message\":{\"conversation\":\"x\"}}]}}"),
          Webhooks.json(
              "events",
              "[{\"messageId\":\"m\",\"status\":\"READ\",\"eventTime\":\"2026-05-31T10:00:00Z\","
                  + "\"attributes\":{\"a\":[1,{\"b\":2}]},\"price\":{\"amount\":\"1\"}},"
                  + "{\"userId\":\"u\",\"type\":\"t\"}]"),
          ProviderSamples.of("whatsapp-onprem"),
          ProviderSamples.of("vonage"),
          ProviderSamples.of("infobip"),
          ProviderSamples.of("sinch"),
          ProviderSamples.of("messagebird"),
          ProviderSamples.of("sendgrid"),
          ProviderSamples.of("aws"),
          ProviderSamples.of("firetext"));

  private static final byte[] NASTY =
      "{}[],:\"\\%&=+0-9eE.\u0000u".getBytes(StandardCharsets.UTF_8);

  @Property(tries = 2000)
  void random_bytes_have_a_valid_outcome(
      @ForAll byte[] body, @ForAll("providers") String provider, @ForAll boolean query) {
    OutcomeInvariants.check(
        RawWebhook.of(provider, "acme", Webhooks.RECEIVED_AT, body).withQuery(query));
  }

  @Property(tries = 2000)
  void json_like_bytes_have_a_valid_outcome(
      @ForAll("jsonLike") String body, @ForAll("providers") String provider) {
    OutcomeInvariants.check(Webhooks.json(provider, body));
  }

  @Property(tries = 8000)
  void mutated_webhooks_have_a_valid_outcome(@ForAll long seed) {
    Random random = new Random(seed);
    RawWebhook webhook = SEEDS.get(random.nextInt(SEEDS.size()));
    String provider =
        random.nextInt(8) == 0
            ? PROVIDERS.get(random.nextInt(PROVIDERS.size()))
            : webhook.provider();
    OutcomeInvariants.check(
        RawWebhook.of(
                provider, webhook.tenant(), webhook.receivedAt(), mutated(webhook.body(), random))
            .withContentType(webhook.contentType())
            .withQuery(random.nextInt(16) == 0));
  }

  @Provide
  Arbitrary<String> providers() {
    return Arbitraries.of(PROVIDERS);
  }

  @Provide
  Arbitrary<String> jsonLike() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"entry\"",
            "\"changes\"",
            "\"value\"",
            "\"statuses\"",
            "\"data\"",
            "\"event\"",
            "\"id\"",
            "\"status\"",
            "\"read\"",
            "\"type\"",
            "\"results\"",
            "\"records\"",
            "\"Message\"",
            "\"mail\"",
            "\"messageId\"",
            "1",
            "1e9",
            "null",
            "true",
            "\"\\ud800\"",
            "\"\"",
            " ")
        .list()
        .ofMaxSize(60)
        .map(parts -> String.join("", parts));
  }

  private static byte[] mutated(byte[] original, Random random) {
    byte[] body = original.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && body.length > 1; i++) {
      int at = random.nextInt(body.length);
      switch (random.nextInt(5)) {
        case 0 -> body[at] = (byte) random.nextInt(256);
        case 1 -> body[at] = NASTY[random.nextInt(NASTY.length)];
        case 2 -> body = Arrays.copyOf(body, at);
        case 3 -> body = without(body, at, Math.min(body.length, at + 1 + random.nextInt(12)));
        default -> body = twice(body, at, Math.min(body.length, at + 1 + random.nextInt(60)));
      }
    }
    return body;
  }

  private static byte[] without(byte[] body, int from, int to) {
    byte[] shorter = new byte[body.length - (to - from)];
    System.arraycopy(body, 0, shorter, 0, from);
    System.arraycopy(body, to, shorter, from, body.length - to);
    return shorter;
  }

  private static byte[] twice(byte[] body, int from, int to) {
    byte[] longer = new byte[body.length + (to - from)];
    System.arraycopy(body, 0, longer, 0, to);
    System.arraycopy(body, from, longer, to, body.length - from);
    return longer;
  }
}
