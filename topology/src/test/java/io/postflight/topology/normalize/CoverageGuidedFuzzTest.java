package io.postflight.topology.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.fuzz.Fuzzer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Coverage-guided fuzzing of every adapter. */
class CoverageGuidedFuzzTest {
  private static final int FEW = 100;

  @Test
  void no_bytes_break_an_adapter() {
    fuzz(Fuzzer.usual());
  }

  @Test
  @Tag("soak")
  void no_bytes_break_an_adapter_for_long() {
    fuzz(Fuzzer.longRun());
  }

  private static void fuzz(Duration budget) {
    assertThat(Fuzzer.run(AdapterFuzzTarget.class, seeds(), budget)).isGreaterThan(FEW);
  }

  private static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    ProviderSamples.PROVIDERS.forEach(each -> seeds.add(ProviderSamples.of(each).body()));
    seeds.addAll(seedsOfOthers());
    return seeds;
  }

  private static List<byte[]> seedsOfOthers() {
    return List.of(
        fixture("whatsapp-lifecycle.json"),
        fixture("whatsapp-inbound.json"),
        fixture("whatsapp-group.json"),
        text(
            "{\"event\":\"messages.upsert\",\"timestamp\":1760700001,\"data\":{\"messages\":[{"
                + "\"key\":{\"id\":\"a\",\"remoteJid\":\"1@g.us\",\"participant\":\"2@c.us\","
                + "\"fromMe\":false},\"message\":{\"conversation\":\"x\"}}]}}"),
        text(
            "{\"event\":\"messages.update\",\"data\":[{\"key\":{\"id\":\"b\",\"remoteJid\":"
                + "\"3@s.whatsapp.net\",\"fromMe\":true},\"update\":{\"status\":3}}]}"),
        fixture("twilio-events.json"),
        text("MessageSid=SM1&MessageStatus=sent&To=whatsapp%3A%2B34600&ErrorCode=1"),
        text("?SmsSid=SM2&SmsStatus=delivered&From=%2B1&Price=-0.01&PriceUnit=USD"),
        text(
            "[{\"messageId\":\"m\",\"status\":\"READ\",\"eventTime\":\"2026-05-31T10:00:00Z\","
                + "\"attributes\":{\"a\":[1,{\"b\":2}]},\"price\":{\"amount\":\"1\"}},"
                + "{\"userId\":\"u\",\"type\":\"t\"}]"),
        text("{\"messageId\":\"m\",\"status\":\"FAILED\",\"error\":{\"code\":\"1\"}}"));
  }

  private static byte[] fixture(String file) {
    return Webhooks.fixture("whatsapp", file).body();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
