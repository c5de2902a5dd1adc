package io.postflight.schema.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.fuzz.Fuzzer;
import io.postflight.devstack.fuzz.LinearTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every signature check under a coverage-guided fuzzer. */
class SignatureFuzzTest {
  private static final int BYTES = 200_000;
  private static final int FEW = 100;

  @Test
  void no_request_makes_a_signature_check_throw() {
    fuzz(Fuzzer.usual());
  }

  @Test
  @Tag("soak")
  void no_request_makes_a_signature_check_throw_in_a_long_run() {
    fuzz(Fuzzer.longRun());
  }

  private static void fuzz(Duration budget) {
    assertThat(Fuzzer.run(SignatureFuzzTarget.class, FuzzedRequests.seeds(), budget))
        .isGreaterThan(FEW);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void hostile_requests_are_checked_in_linear_time(String provider) {
    shapes()
        .forEach(
            (name, shape) ->
                LinearTime.check(
                    provider + ": " + name,
                    BYTES,
                    size -> shape.apply(size).getBytes(StandardCharsets.UTF_8),
                    bytes -> FuzzedRequests.check(provider, bytes)));
  }

  private static String standard(String signatures) {
    return "https://h/w\nwebhook-id: m\nwebhook-timestamp: "
        + System.currentTimeMillis() / 1000
        + "\nwebhook-signature: "
        + signatures
        + "\n\n{}";
  }

  private static String sns(String fields) {
    return "https://h/w\n\n{\"Type\":\"Notification\",\"TopicArn\":\"arn:aws:sns:eu-west-1:1:t\","
        + fields
        + '}';
  }

  private static Set<String> providers() {
    return SignatureChecks.providers();
  }

  private static Map<String, IntFunction<String>> shapes() {
    String form =
        "https://h/w\nX-Twilio-Signature: A\ncontent-type: application/x-www-form-urlencoded\n\n";
    Map<String, IntFunction<String>> shapes = new TreeMap<>();
    shapes.put("long body", size -> "https://h/w\n\n" + "x".repeat(size));
    shapes.put("long header", size -> "https://h/w\nX-Hub-Signature-256: " + "f".repeat(size));
    shapes.put("many headers", size -> "https://h/w\n" + "a:b\n".repeat(size / 4));
    shapes.put("long URL", size -> "https://h/w?" + "a=b&".repeat(size / 4) + "\n\n{}");
    shapes.put("URL of colons", size -> "https://" + ":".repeat(size) + "\n\n{}");
    shapes.put("form of separators", size -> form + "&".repeat(size));
    shapes.put("form of equal pairs", size -> form + "a=b&".repeat(size / 4));
    shapes.put(
        "form of a few long pairs", size -> form + ("a=" + "c".repeat(size / 9) + '&').repeat(9));
    shapes.put("form of escapes", size -> form + "a=" + "%41".repeat(size / 3));
    shapes.put("form of broken escapes", size -> form + "%".repeat(size));
    shapes.put("token of dots", size -> "https://h/w\nAuthorization: Bearer " + ".".repeat(size));
    shapes.put("long token", size -> "https://h/w\nAuthorization: Bearer a.b." + "A".repeat(size));
    shapes.put("long password", size -> "https://h/w\nAuthorization: Basic " + "A".repeat(size));
    shapes.put("many signatures", size -> standard("v1,A ".repeat(size / 5)));
    shapes.put("query of tokens", size -> "https://h/w?" + "token=x&".repeat(size / 8) + "\n\n{}");
    shapes.put("long field of SNS", size -> sns("\"Message\":\"" + "x".repeat(size) + '"'));
    shapes.put("many fields of SNS", size -> sns("\"a\":1,".repeat(size / 6) + "\"b\":2"));
    shapes.put("nested fields of SNS", size -> sns("\"a\":" + "[".repeat(size)));
    return shapes;
  }
}
