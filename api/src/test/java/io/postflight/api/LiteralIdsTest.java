package io.postflight.api;

import static io.postflight.api.TestApi.ACME_ERASE_KEY;
import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.GLOBEX_ERASE_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.api.erasure.ErasureBackend;
import io.postflight.schema.event.NormalizedUserId;
import io.postflight.schema.event.Status;
import io.postflight.store.Tier;
import io.postflight.store.memory.InMemoryEventStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** A request refers to its literal subject or is rejected. */
final class LiteralIdsTest {
  private static final long T = NOW.toEpochMilli() - 3_600_000;
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));

  /** Parts of targets that servers are known to normalize. */
  private static final List<String> PARTS =
      List.of(
          "a",
          "b",
          ";",
          ";x=1",
          "/",
          "//",
          "\\",
          ".",
          "..",
          "../",
          "+",
          "?",
          "#",
          "=",
          ":",
          "%",
          "%2",
          "%zz",
          "%2F",
          "%2f",
          "%5C",
          "%3B",
          "%2E",
          "%2e%2E",
          "%25",
          "%20",
          "%00",
          "%0A",
          "%85",
          "%FF",
          "%C0%AF",
          "%E0%80%AF",
          "%ED%A0%80",
          "%F4%90%80%80",
          "%C3%A9",
          "\u00e9",
          "\u00c3\u00a9",
          "%E2%80%A8",
          "~",
          "*",
          "@",
          "|",
          "\"",
          "<",
          "{",
          "^",
          "`");

  private static final Set<String> SEEN = new HashSet<>();
  private static final InMemoryEventStore STORE =
      new InMemoryEventStore(TIER, InstantSource.fixed(NOW));
  private static final Tier OTHER_TIER = Tier.of("15d", Duration.ofDays(15));
  private static final InMemoryEventStore OTHER_STORE =
      new InMemoryEventStore(OTHER_TIER, InstantSource.fixed(NOW));
  private static final TestApi API =
      TestApi.erasing(
          all -> all, List.of(STORE, OTHER_STORE), new ErasureBackend(new InMemoryCommandLog()));
  private static final RawConnection CONNECTION = new RawConnection(API.server.port());

  @AfterContainer
  static void stop() throws IOException {
    CONNECTION.close();
    API.close();
  }

  @Provide
  Arbitrary<String> ids() {
    Arbitrary<String> any =
        Arbitraries.strings()
            .withChars(' ', '~')
            .withChars('\u00a0', '\ud7ff')
            .withChars('\ue000', '\uffff')
            .ofMaxLength(8);
    Arbitrary<String> awkward =
        Arbitraries.of("..", ".", "/", "\\", ";", "%", "%2F", "+", "&", "=", "#", "?", "\u2028")
            .list()
            .ofMaxSize(4)
            .map(parts -> String.join("", parts));
    Arbitrary<String> beyond = Arbitraries.of("", "\ud83d\ude00", "\ud800\udc00", "\udbff\udfff");
    return Combinators.combine(awkward, any, beyond, awkward)
        .as((a, b, c, d) -> a + b + c + d)
        .filter(id -> !id.isBlank());
  }

  @Property
  void every_id_that_intake_accepts_can_be_read_and_erased(@ForAll("ids") String id) {
    Assume.that(SEEN.add(id));
    new Given(STORE, TIER)
        .message("acme", id, NormalizedUserId.of(id), T, Status.SENT, Status.DELIVERED);
    String query = "?id=" + encoded(id);

    RawConnection.RawResponse message = CONNECTION.send("GET", "/v1/message" + query, ACME_KEY);
    assertThat(message.json().path("messageId").asText()).as(message.body()).isEqualTo(id);
    for (String path : List.of("/v1/user/timeline", "/v1/user/last")) {
      RawConnection.RawResponse user = CONNECTION.send("GET", path + query, ACME_KEY);
      assertThat(user.json().at("/items/0/messageId").asText()).as(user.body()).isEqualTo(id);
    }
    RawConnection.RawResponse byPath =
        CONNECTION.send("GET", "/v1/messages/" + encoded(id), ACME_KEY);
    if (byPath.status() != 400) {
      assertThat(byPath.json().path("messageId").asText()).as(byPath.body()).isEqualTo(id);
    }

    RawConnection.RawResponse erased =
        CONNECTION.send("DELETE", "/v1/message" + query, ACME_ERASE_KEY);
    assertThat(erased.json().at("/subject/message").asText()).as(erased.body()).isEqualTo(id);
    assertThat(erased.json().path("rows").asInt()).isPositive();
    assertThat(CONNECTION.send("GET", "/v1/message" + query, ACME_KEY).status()).isEqualTo(404);
    RawConnection.RawResponse user = CONNECTION.send("DELETE", "/v1/user" + query, ACME_ERASE_KEY);
    assertThat(user.json().at("/subject/user").asText())
        .as(user.body())
        .isEqualTo(NormalizedUserId.of(id));
  }

  @Provide
  Arbitrary<String> targets() {
    return Arbitraries.of(PARTS)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 1_000)
  void a_path_refers_to_its_literal_subject_or_is_rejected(@ForAll("targets") String target) {
    for (String prefix : List.of("/v1/messages/", "/v1/users/")) {
      RawConnection.RawResponse answer =
          CONNECTION.send("DELETE", prefix + target, GLOBEX_ERASE_KEY);

      if (answer.status() == 200) {
        String id = literal(target.substring(0, (target + '?').indexOf('?')));
        assertThat(answer.json().path("subject").elements().next().asText())
            .isEqualTo(prefix.contains("users") ? NormalizedUserId.of(id) : id);
      } else {
        assertThat(answer.status()).as(prefix + target).isBetween(400, 405);
      }
    }
  }

  @Property(tries = 500)
  void a_query_refers_to_its_literal_subject_or_is_rejected(@ForAll("targets") String value) {
    RawConnection.RawResponse answer =
        CONNECTION.send("DELETE", "/v1/message?id=" + value, GLOBEX_ERASE_KEY);

    if (answer.status() == 200) {
      assertThat(answer.json().at("/subject/message").asText())
          .isEqualTo(literal(value.replace('+', ' ')));
    } else {
      assertThat(answer.status()).as(value).isEqualTo(400);
    }
  }

  @Example
  void targets_that_are_not_literal_are_rejected() {
    for (String target :
        List.of(
            "/v1/messages/semi;2",
            "/v1/messages/bad%FFid",
            "/v1/messages/over%C0%AFlong",
            "/v1/messages/half%ED%A0%80",
            "/v1/messages//a",
            "/v1/messages/..",
            "/v1/messages/a%2F..%2Fb",
            "/v1/users/semi;2",
            "/v1/users/bad%FFid",
            "/v1/message?id=bad%FFid",
            "/v1/message",
            "/v1/message?id=",
            "/v1/message?id=a&id=b",
            "/v1/messages;a/b")) {
      RawConnection.RawResponse answer = CONNECTION.send("DELETE", target, GLOBEX_ERASE_KEY);

      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.head()).containsIgnoringCase("x-request-id");
    }
  }

  @Example
  void tenants_and_providers_are_literal_too() {
    for (String target :
        List.of(
            "/webhooks/whatsapp/acme;globex",
            "/webhooks/whatsapp;a/acme",
            "/webhooks//whatsapp/acme",
            "/webhooks/whatsapp/ac%FFme")) {
      assertThat(CONNECTION.send("GET", target, "none").status()).as(target).isEqualTo(400);
    }
    assertThat(CONNECTION.send("GET", "/webhooks/whatsapp/acme%3Bglobex", "none").status())
        .isEqualTo(404);
  }

  /** Percent-decodes valid UTF-8. */
  private static String literal(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(text.charAt(i));
      }
    }
    byte[] raw = bytes.toByteArray();
    String decoded = new String(raw, StandardCharsets.UTF_8);
    assertThat(decoded.getBytes(StandardCharsets.UTF_8)).as("valid UTF-8").isEqualTo(raw);
    return decoded;
  }
}
