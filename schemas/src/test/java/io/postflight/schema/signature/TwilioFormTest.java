package io.postflight.schema.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** The parameters that a signature of Twilio covers. */
final class TwilioFormTest {
  private static final String URL = "https://hooks.example.com/webhooks/twilio/acme";
  private static final String TOKEN = "twilio-secret";
  private static final ProviderSecrets SECRETS = ProviderSecrets.of(Map.of("authToken", TOKEN));
  private static final int PAIRS = 999;
  private static final int LARGE = 3 << 20;
  private static final int ROUNDS = 5;

  private final TwilioSignature twilio = new TwilioSignature();

  @Property
  void a_pair_ends_at_the_next_ampersand_and_its_name_at_its_first_equals_sign(
      @ForAll @CharRange(from = 'a', to = 'b') @Chars({'=', '&', '+'}) @StringLength(max = 30)
          String form) {
    byte[] mac =
        Digests.hmacSha1(
            TOKEN.getBytes(StandardCharsets.UTF_8),
            (URL + parameters(form)).getBytes(StandardCharsets.UTF_8));

    assertThat(twilio.sign(form(form), SECRETS).headers())
        .containsEntry("X-Twilio-Signature", Base64.getEncoder().encodeToString(mac));
  }

  /** A search for each pair would read the form so many times before its signature is compared. */
  @Test
  void pairs_without_equals_sign_cost_no_more_than_others() {
    String value = "x".repeat(LARGE);

    long with = leastNanos(form("a=&".repeat(PAIRS) + value));
    long without = leastNanos(form("a&".repeat(PAIRS) + value));

    assertThat(without).isLessThan(5 * with);
  }

  /** CPU time, since the machine may be busy; the least of several rounds, of compiled code. */
  private long leastNanos(SignedRequest unsigned) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return LongStream.range(0, ROUNDS)
        .map(
            round -> {
              long start = threads.getCurrentThreadCpuTime();
              assertThat(twilio.check(unsigned, SECRETS).accepted()).isFalse();
              return threads.getCurrentThreadCpuTime() - start;
            })
        .min()
        .orElseThrow();
  }

  private static String parameters(String form) {
    Map<String, SortedSet<String>> parameters = new TreeMap<>();
    for (String pair : form.split("&", -1)) {
      if (!pair.isEmpty()) {
        String[] sides = pair.split("=", 2);
        parameters
            .computeIfAbsent(decoded(sides[0]), name -> new TreeSet<>())
            .add(sides.length == 1 ? "" : decoded(sides[1]));
      }
    }
    StringBuilder text = new StringBuilder();
    parameters.forEach((name, values) -> values.forEach(value -> text.append(name).append(value)));
    return text.toString();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static SignedRequest form(String form) {
    return SignedRequest.post(
        URL,
        Map.of("Content-Type", "application/x-www-form-urlencoded"),
        form.getBytes(StandardCharsets.UTF_8));
  }
}
