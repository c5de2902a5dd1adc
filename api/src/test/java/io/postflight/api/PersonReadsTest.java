package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.GLOBEX_KEY;
import static io.postflight.api.TestApi.MOVER_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.encoded;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.schema.event.Status;
import io.postflight.schema.identity.AliasLink;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Reads of a user")
final class PersonReadsTest {
  private static final long HOUR = 3_600_000;
  private static final long T = NOW.toEpochMilli() - 100 * HOUR;
  private static final String NUMBER = "491701234567";
  private static final String NEW_NUMBER = "491709999999";
  private static final String ADA = "DE.111";
  private static final String BOB = "DE.222";

  private final TwoTiers tiers = new TwoTiers();
  private final Given in30 = tiers.in30;
  private final TestApi api = TestApi.reading(tiers);

  @AfterEach
  void stop() {
    api.closeLater();
  }

  @Test
  void cover_all_ids_of_the_person_whichever_is_asked_for() {
    in30.named("acme", T, ADA, NUMBER, "customer-1");
    in30.message("acme", "m-number", NUMBER, T, Status.SENT, Status.READ);
    in30.message("acme", "m-ada", ADA, T + HOUR, Status.SENT);
    in30.action(Given.action("acme", "customer-1", "viewed", T + 2 * HOUR));

    for (String id : List.of(ADA, NUMBER, "customer-1", "+49 170 1234567")) {
      assertThat(rows("/v1/user/timeline?id=" + encoded(id)))
          .as(id)
          .containsExactly(
              "customer-1 viewed",
              ADA + " message.sent",
              NUMBER + " message.read",
              NUMBER + " message.sent");
      assertThat(rows("/v1/users/" + encoded(id) + "/last"))
          .containsExactly(NUMBER + " message.read", ADA + " message.sent", "customer-1 viewed");
      assertThat(rows("/v1/users/" + encoded(id) + "/last?type=message.sent"))
          .containsExactly(ADA + " message.sent");
      assertThat(rows("/v1/users/" + encoded(id) + "/timeline?type=message.*")).hasSize(3);
    }
    assertThat(rows("/v1/users/customer-2/timeline")).isEmpty();
  }

  @Test
  void of_another_tenant_know_none_of_its_links() {
    in30.named("acme", T, ADA, NUMBER);
    in30.message("acme", "m-1", NUMBER, T, Status.SENT);
    tiers.in15.message("globex", "m-1", ADA, T, Status.READ);

    assertThat(json(api.get("/v1/users/" + ADA + "/timeline", GLOBEX_KEY)).get("items")).hasSize(1);
    assertThat(rows("/v1/users/" + ADA + "/timeline")).containsExactly(NUMBER + " message.sent");
  }

  @Test
  void keep_the_persons_apart_who_had_a_number_one_after_the_other() {
    in30.action(Given.action("acme", NUMBER, "viewed", T - HOUR));
    in30.named("acme", T, ADA, NUMBER);
    in30.action(Given.action("acme", NUMBER, "viewed", T + HOUR));
    in30.named("acme", T + 10 * HOUR, BOB, NUMBER);
    in30.action(Given.action("acme", NUMBER, "viewed", T + 11 * HOUR));
    in30.action(Given.actionNaming("acme", NUMBER, ADA, "viewed", T + 12 * HOUR));

    assertThat(times(ADA)).containsExactly(T + 12 * HOUR, T + HOUR, T - HOUR);
    assertThat(times(BOB)).containsExactly(T + 11 * HOUR);
    assertThat(times(NUMBER)).containsExactly(T + 11 * HOUR);
    assertThat(lastTime(BOB))
        .as("the newest row under the number is the other person's")
        .isEqualTo(T + 11 * HOUR);
    assertThat(lastTime(ADA)).isEqualTo(T + 12 * HOUR);
    JsonNode newest = json(api.get("/v1/users/" + ADA + "/timeline?limit=1", ACME_KEY));
    assertThat(newest.at("/items/0/aliases/0").asText()).isEqualTo(ADA);
  }

  @Test
  void follow_a_change_of_numbers() {
    in30.action(Given.action("acme", NUMBER, "viewed", T));
    in30.moved("acme", T + HOUR, NUMBER, NEW_NUMBER);
    in30.action(Given.action("acme", NEW_NUMBER, "viewed", T + 2 * HOUR));
    in30.action(Given.action("acme", NEW_NUMBER, "viewed", T - HOUR));

    assertThat(times(NEW_NUMBER)).containsExactly(T + 2 * HOUR, T);
    assertThat(times(NUMBER)).containsExactly(T + 2 * HOUR, T);
  }

  @Test
  void do_not_lead_from_a_number_that_somebody_else_uses_to_the_person_who_left_it() {
    in30.action(Given.action("acme", NUMBER, "viewed", T));
    in30.moved("acme", T + HOUR, NUMBER, NEW_NUMBER);
    in30.message("acme", "m-failed", NUMBER, T + 2 * HOUR, Status.SENT, Status.FAILED);
    assertThat(times(NUMBER)).as("nobody uses it").contains(T);

    in30.message("acme", "m-read", NUMBER, T + 3 * HOUR, Status.READ);

    assertThat(times(NUMBER)).doesNotContain(T).hasSize(3);
    assertThat(times(NEW_NUMBER)).containsExactly(T);
  }

  @Test
  void fill_pages_over_ids_and_tiers_without_gaps_or_duplicates() {
    tiers.in30.named("mover", T, ADA, "c-1", "c-2");
    for (int i = 0; i < 40; i++) {
      String user = List.of(ADA, "c-1", "c-2").get(i % 3);
      (i % 2 == 0 ? tiers.in15 : tiers.in30)
          .action(Given.action("mover", user, "viewed-" + i, T + (i / 4) * HOUR));
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = json(api.get("/v1/users/c-1/timeline?limit=7" + cursor, MOVER_KEY));
      assertThat(page.get("partial").asBoolean()).isFalse();
      page.get("items").forEach(item -> seen.add(item.get("eventId").asText()));
      assertThat(page.get("items").size() == 7 || page.get("nextCursor").isNull()).isTrue();
      cursor =
          page.get("nextCursor").isNull() ? null : "&cursor=" + page.get("nextCursor").asText();
    } while (cursor != null);

    assertThat(seen).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void cover_32_ids_and_tell_that_there_are_more() {
    for (int i = 0; i < 40; i++) {
      in30.named("acme", T, ADA, "c-" + i);
      in30.action(Given.action("acme", "c-" + i, "viewed", T + i));
    }

    assertThat(rows("/v1/users/" + ADA + "/timeline?limit=1000")).hasSize(31);
    assertThat(rows("/v1/users/c-39/timeline?limit=1000")).hasSize(31);
    assertThat(rows("/v1/users/c-39/last")).containsExactly("c-39 viewed");
    JsonNode identity = json(api.get("/v1/users/c-39/identity", ACME_KEY));
    assertThat(identity.get("truncated").asBoolean()).isTrue();
    assertThat(identity.get("aliases")).hasSize(32);
  }

  @Test
  void fill_a_page_of_many_ids_although_each_of_them_may_have_few_bytes() {
    for (int i = 0; i < 20; i++) {
      in30.named("acme", T, ADA, "c-" + i);
    }
    for (int i = 0; i < 500; i++) {
      in30.action(Given.action("acme", "c-" + i % 20, "viewed", T + i));
    }

    JsonNode page = json(api.get("/v1/users/" + ADA + "/timeline?limit=400", ACME_KEY));
    assertThat(page.get("items")).hasSize(400);
    assertThat(page.get("partial").asBoolean()).isFalse();
  }

  @Test
  void are_unavailable_while_one_of_the_tiers_cannot_read_links() {
    tiers.in15.named("mover", T, ADA, NUMBER);
    tiers.in15.message("mover", "m-1", NUMBER, T, Status.SENT);
    GatedReader failing = GatedReader.withoutLinks(tiers.store30);
    TestStore store30 = TestStore.reading(TwoTiers.TIER_30D, failing);
    try (TestApi other = TestApi.reading(store30, tiers.store15)) {
      for (String key : List.of(MOVER_KEY, ACME_KEY)) {
        assertThat(other.get("/v1/users/" + ADA + "/timeline", key).statusCode()).isEqualTo(503);
      }
    }
  }

  @Test
  void of_an_id_without_links_cost_one_read_of_links_at_the_same_time_as_its_rows() {
    AtomicInteger identities = new AtomicInteger();
    GatedReader counted =
        new GatedReader(tiers.store30) {
          @Override
          public CompletionStage<List<AliasLink>> identity(String tenant, String alias) {
            identities.incrementAndGet();
            return super.identity(tenant, alias);
          }
        };
    try (TestApi other = TestApi.reading(TestStore.reading(TwoTiers.TIER_30D, counted))) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        answers.add(
            other.sendAsync(
                other
                    .request("/v1/users/u-1/timeline")
                    .header("Authorization", "Bearer " + ACME_KEY)));
      }
      Awaitility.await()
          .until(
              () ->
                  other
                          .registry
                          .counter("postflight.reads", "query", "identity", "coalesced", "true")
                          .count()
                      == 4);
      assertThat(counted.reads).as("rows are read before the links are known").hasValue(1);
      counted.gate.complete(null);
      answers.forEach(each -> assertThat(each.join().statusCode()).isEqualTo(200));
      assertThat(identities).hasValue(1);
      assertThat(counted.reads).hasValue(1);
    }
  }

  @Test
  void of_the_identity_return_each_id_with_its_periods() {
    in30.named("acme", T, ADA, NUMBER, "ada@example.com");
    in30.named("acme", T + HOUR, BOB, NUMBER);

    assertThat(api.get("/v1/users/" + ADA + "/identity", ACME_KEY).body())
        .isEqualTo(
            "{\"user\":\"DE.111\",\"aliases\":["
                + "{\"id\":\"DE.111\",\"kind\":\"BSUID\",\"from\":null,\"until\":null},"
                + "{\"id\":\"491701234567\",\"kind\":\"PHONE\",\"from\":null,\"until\":\""
                + Instant.ofEpochMilli(T + HOUR)
                + "\"},"
                + "{\"id\":\"ada@example.com\",\"kind\":\"EMAIL\",\"from\":null,\"until\":null}"
                + "],\"truncated\":false}");
    JsonNode ofNumber =
        json(api.get("/v1/user/identity?id=" + encoded("+49 170 1234567"), ACME_KEY));
    assertThat(ofNumber.get("user").asText()).isEqualTo(NUMBER);
    assertThat(ofNumber.get("aliases"))
        .extracting(alias -> alias.get("id").asText())
        .containsExactly(NUMBER, BOB);
    assertThat(ofNumber.at("/aliases/0/from").asText())
        .isEqualTo(Instant.ofEpochMilli(T + HOUR).toString());
  }

  @Test
  void of_the_identity_return_an_unknown_id_alone() {
    JsonNode identity = json(api.get("/v1/users/nobody/identity", ACME_KEY));
    assertThat(identity.get("aliases")).hasSize(1);
    assertThat(identity.at("/aliases/0/id").asText()).isEqualTo("nobody");
    assertThat(identity.at("/aliases/0/kind").asText()).isEqualTo("PLATFORM");
    assertThat(api.get("/v1/users/nobody/identity").statusCode()).isEqualTo(401);
    assertThat(api.get("/v1/users/nobody/identity?limit=1", ACME_KEY).statusCode()).isEqualTo(400);
  }

  private List<String> rows(String path) {
    List<String> rows = new ArrayList<>();
    HttpResponse<String> response = api.get(path, ACME_KEY);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    json(response)
        .get("items")
        .forEach(item -> rows.add(item.get("userId").asText() + ' ' + item.get("type").asText()));
    return rows;
  }

  private List<Long> times(String user) {
    return times(json(api.get("/v1/users/" + user + "/timeline", ACME_KEY)));
  }

  private long lastTime(String user) {
    return times(json(api.get("/v1/users/" + user + "/last?type=viewed", ACME_KEY))).get(0);
  }

  private static List<Long> times(JsonNode page) {
    List<Long> times = new ArrayList<>();
    page.get("items")
        .forEach(item -> times.add(Instant.parse(item.get("eventTime").asText()).toEpochMilli()));
    return times;
  }
}
