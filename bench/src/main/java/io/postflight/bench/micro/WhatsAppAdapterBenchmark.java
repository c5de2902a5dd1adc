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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The WhatsApp adapter on one core: raw bytes to canonical events, in events per second, with one
 * or many per webhook.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class WhatsAppAdapterBenchmark {
  private static final int SOME = 20;
  private static final int MANY = 500;
  private static final long FIRST_SECOND = Instant.parse("2026-03-01T08:00:00Z").getEpochSecond();
  private static final String[] WORDS = {"sent", "delivered", "read"};

  private final Normalizer normalizer = Normalizer.ofAllProviders();
  private final RawWebhook one = webhook(1);
  private final RawWebhook some = webhook(SOME);
  private final RawWebhook many = webhook(MANY);

  /** One status per webhook: the most frequent case, and the most expensive per event. */
  @Benchmark
  public List<Outcome> singleStatus() {
    return normalizer.normalize(one);
  }

  /** A batch of moderate size. */
  @Benchmark
  @OperationsPerInvocation(SOME)
  public List<Outcome> batchOf20() {
    return normalizer.normalize(some);
  }

  /** A batch as Meta sends it after an outage. */
  @Benchmark
  @OperationsPerInvocation(MANY)
  public List<Outcome> batchOf500() {
    return normalizer.normalize(many);
  }

  private static RawWebhook webhook(int statuses) {
    StringBuilder body =
        new StringBuilder(
            "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"204510000000001\","
                + "\"changes\":[{\"value\":{\"messaging_product\":\"whatsapp\",\"metadata\":{"
                + "\"display_phone_number\":\"34900000001\",\"phone_number_id\":\"555000111222\"},"
                + "\"statuses\":[");
    for (int i = 0; i < statuses; i++) {
      body.append(i == 0 ? "" : ",").append(status(i));
    }
    body.append("]},\"field\":\"messages\"}]}]}");
    return RawWebhook.of(
            "whatsapp",
            "acme",
            (FIRST_SECOND + 3600) * 1000,
            body.toString().getBytes(StandardCharsets.UTF_8))
        .withContentType("application/json");
  }

  /** A status with all fields that Meta sends. */
  private static String status(int i) {
    return "{\"id\":\"wamid.HBgLMzQ2MDAxMTEyMjIVAgARGBI5RjQ2RTZDQTc4QzAz"
        + (100_000 + i)
        + "==\",\"status\":\""
        + WORDS[i % WORDS.length]
        + "\",\"timestamp\":\""
        + (FIRST_SECOND + i)
        + "\",\"recipient_id\":\"34600"
        + (100_000 + i)
        + "\",\"conversation\":{\"id\":\"c0ffee00c0ffee00c0ffee00c0ffee00\","
        + "\"expiration_timestamp\":\"1772437200\",\"origin\":{\"type\":\"utility\"}},"
        + "\"pricing\":{\"billable\":true,\"pricing_model\":\"PMP\",\"category\":\"utility\","
        + "\"type\":\"regular\"}}";
  }
}
