package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.GLOBEX_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.encoded;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QueriesTest {
  private static final long HOUR = 3_600_000;
  private static final long T = NOW.toEpochMilli() - 10 * HOUR;
  private static final TwoTiers TIERS = new TwoTiers();
  private static final Given IN_30D = TIERS.in30;
  private static final Given IN_15D = TIERS.in15;
  @AutoClose private static final TestApi API = TestApi.reading(TIERS);

  @Test
  void a_message_is_returned_with_derived_values() {
    IN_30D.message("acme", "m-whole", "u-1", T, Status.SENT, Status.DELIVERED, Status.READ);

    JsonNode message = json(API.get("/v1/messages/m-whole", ACME_KEY));

    assertThat(message.get("messageId").asText()).isEqualTo("m-whole");
    assertThat(message.get("userId").asText()).isEqualTo("u-1");
    assertThat(message.get("status").asText()).isEqualTo("READ");
    assertThat(message.get("inflight").asBoolean()).isFalse();
    assertThat(message.get("contradiction").asBoolean()).isFalse();
    assertThat(message.get("unconfirmed").asBoolean()).isFalse();
    assertThat(message.get("createdAt").asText()).isEqualTo(Instant.ofEpochMilli(T).toString());
    assertThat(message.get("completedAt").asText())
        .isEqualTo(Instant.ofEpochMilli(T + 60_000).toString());
    assertThat(message.get("times").properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("SENT", "DELIVERED", "READ");
    assertThat(message.at("/price/amount").asText()).isEqualTo("0.01");
    assertThat(message.at("/attributes/conversationId").asText()).isEqualTo("c-1");
    assertThat(message.get("redacted")).isEmpty();
    assertThat(message.get("revision").asInt()).isEqualTo(3);
    assertThat(message.get("tier").asText()).isEqualTo("30d");
    assertThat(message.has("body")).isFalse();
  }

  @Test
  void a_message_in_flight_is_returned() {
    IN_30D.message("acme", "m-flying", "u-1", T, Status.SENT);

    JsonNode message = json(API.get("/v1/messages/m-flying", ACME_KEY));

    assertThat(message.get("status").asText()).isEqualTo("SENT");
    assertThat(message.get("inflight").asBoolean()).isTrue();
    assertThat(message.has("completedAt")).isFalse();
  }

  @Test
  void delivery_and_failure_are_a_contradiction() {
    IN_30D.message("acme", "m-both", "u-1", T, Status.FAILED, Status.DELIVERED);

    JsonNode message = json(API.get("/v1/messages/m-both", ACME_KEY));

    assertThat(message.get("status").asText()).isEqualTo("DELIVERED");
    assertThat(message.get("contradiction").asBoolean()).isTrue();
    assertThat(message.at("/error/code").asText()).isEqualTo("131047");
  }

  @Test
  void a_message_past_its_deadline_is_unconfirmed() {
    IN_30D.revision(
        IN_30D.revision(
            "acme",
            "m-waited",
            T,
            T + HOUR,
            2,
            Facts.join(
                Facts.of(Given.event("acme", "m-waited", "u-1", Status.SENT, T)),
                Facts.unconfirmedAt(T + HOUR))));

    JsonNode message = json(API.get("/v1/messages/m-waited", ACME_KEY));

    assertThat(message.get("status").asText()).isEqualTo("UNCONFIRMED");
    assertThat(message.get("unconfirmed").asBoolean()).isTrue();
    assertThat(message.get("inflight").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"15551112222", "+15551112222", "+1 (555) 111-2222", " 15551112222"})
  void all_forms_of_a_phone_number_are_one_user(String user) {
    IN_30D.message("acme", "m-phone", "15551112222", T, Status.DELIVERED);

    for (String query :
        List.of(
            "/v1/users/" + encoded(user) + "/timeline",
            "/v1/users/" + encoded(user) + "/last",
            "/v1/user/timeline?id=" + encoded(user),
            "/v1/user/last?id=" + encoded(user),
            "/v1/messages?user=" + encoded(user))) {
      JsonNode page = json(API.get(query, ACME_KEY));
      assertThat(page.at("/items/0/messageId").asText()).as(query).isEqualTo("m-phone");
      assertThat(page.at("/items/0/userId").asText()).as(query).isEqualTo("15551112222");
    }
  }

  @Test
  void a_page_that_ends_at_a_long_id_can_be_continued() {
    String longest = "\u4e2d".repeat(512);
    IN_30D.message("acme", longest, "u-long", T, Status.DELIVERED);
    IN_30D.message("acme", "m-older", "u-long", T - HOUR, Status.DELIVERED);
    String query = "/v1/messages?limit=1&user=u-long";

    String cursor = json(API.get(query, ACME_KEY)).get("nextCursor").asText();
    JsonNode next = json(API.get(query + "&cursor=" + encoded(cursor), ACME_KEY));

    assertThat(next.at("/items/0/messageId").asText()).as(next.toString()).isEqualTo("m-older");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wamid.HBgNNTkzOTkwMDAwNTI1FQIAERgSQjE5==",
        "a/b//c/",
        "plus+and|pipe",
        "100%",
        "%2F",
        "a b?c#d&e=f;g",
        "señor-みどり"
      })
  void ids_are_percent_encoded_in_paths(String id) {
    IN_30D.message("acme", id, id, T, Status.DELIVERED);

    HttpResponse<String> message = API.get("/v1/messages/" + encoded(id), ACME_KEY);
    HttpResponse<String> timeline = API.get("/v1/users/" + encoded(id) + "/timeline", ACME_KEY);

    assertThat(message.statusCode()).as(message.body()).isEqualTo(200);
    assertThat(json(message).get("messageId").asText()).isEqualTo(id);
    assertThat(json(timeline).at("/items/0/userId").asText()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "a/../b"})
  void path_traversal_is_rejected_even_if_encoded(String id) {
    assertThat(API.get("/v1/messages/" + encoded(id), ACME_KEY).statusCode()).isIn(400, 404);
  }

  @Test
  void a_control_character_in_the_target_is_named() {
    assertThat(API.get("/v1/messages/a%00b", ACME_KEY).body()).contains("has a control character");
  }

  @Test
  void a_timeline_is_newest_first_and_pages_without_gaps_or_duplicates() {
    for (int i = 0; i < 25; i++) {
      IN_30D.message("acme", "m-t" + i, "u-pages", T + (i / 3) * 60_000L, Status.SENT);
    }

    List<String> seen = new ArrayList<>();
    List<String> times = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page =
          json(API.get("/v1/users/u-pages/timeline?since=7d&limit=4" + cursor, ACME_KEY));
      assertThat(page.get("partial").asBoolean()).isFalse();
      page.get("items")
          .forEach(
              item -> {
                seen.add(item.get("messageId").asText());
                times.add(item.get("eventTime").asText());
              });
      cursor =
          page.get("nextCursor").isNull() ? null : "&cursor=" + page.get("nextCursor").asText();
    } while (cursor != null);

    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
    assertThat(times).isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void timeline_items_have_the_form_of_events() {
    IN_30D.message("acme", "m-form", "u-form", T, Status.FAILED);
    IN_30D.action(Given.action("acme", "u-form", "product_viewed", T + 1));

    JsonNode items = json(API.get("/v1/users/u-form/timeline", ACME_KEY)).get("items");

    assertThat(items.get(0).toString())
        .isEqualTo(
            "{\"tenant\":\"acme\",\"eventId\":\"a-product_viewed-"
                + (T + 1)
                + "\",\"userId\":\"u-form\",\"type\":\"product_viewed\",\"provider\":\"events\","
                + "\"channel\":\"WEB\",\"direction\":\"INBOUND\",\"status\":\"ACTION\","
                + "\"eventTime\":\""
                + Instant.ofEpochMilli(T + 1)
                + "\",\"eventTimeSource\":\"PROVIDER\",\"attributes\":{\"sku\":\"A-17\"}}");
    assertThat(items.get(1).get("messageId").asText()).isEqualTo("m-form");
    assertThat(items.get(1).at("/error/code").asText()).isEqualTo("131047");
  }

  @Test
  void a_timeline_can_be_filtered_by_type_and_time() {
    IN_30D.message("acme", "m-n", "u-narrow", T, Status.SENT, Status.DELIVERED, Status.READ);
    IN_30D.action(Given.action("acme", "u-narrow", "product_viewed", T + 30_000));

    assertThat(types("u-narrow", "type=message.*"))
        .containsExactly("message.read", "message.delivered", "message.sent");
    assertThat(types("u-narrow", "type=message.read")).containsExactly("message.read");
    assertThat(types("u-narrow", "since=" + (T + 30_000) + "&until=" + (T + 60_001)))
        .containsExactly("message.delivered", "product_viewed");
    assertThat(types("u-narrow", "since=" + Instant.ofEpochMilli(T + 60_001)))
        .containsExactly("message.read");
  }

  @Test
  void cursors_are_bound_to_tenant_and_filter() {
    for (int i = 0; i < 3; i++) {
      IN_30D.message("acme", "m-c" + i, "u-cursor", T + i, Status.SENT);
      IN_15D.message("globex", "m-c" + i, "u-cursor", T + i, Status.SENT);
    }
    String path = "/v1/users/u-cursor/timeline?limit=1";
    String cursor = json(API.get(path, ACME_KEY)).get("nextCursor").asText();

    assertThat(API.get(path + "&cursor=" + cursor, ACME_KEY).statusCode()).isEqualTo(200);
    assertThat(cursor).doesNotContain("u-cursor");
    assertRefused(API.get(path + "&cursor=" + cursor, GLOBEX_KEY), "cursor");
    assertRefused(
        API.get("/v1/users/u-other/timeline?limit=1&cursor=" + cursor, ACME_KEY), "cursor");
    assertRefused(API.get(path + "&type=message.sent&cursor=" + cursor, ACME_KEY), "cursor");
    assertRefused(API.get("/v1/messages?cursor=" + cursor, ACME_KEY), "cursor");
    char first = cursor.charAt(5) == 'A' ? 'B' : 'A';
    assertRefused(
        API.get(path + "&cursor=" + cursor.substring(0, 5) + first + cursor.substring(6), ACME_KEY),
        "cursor");
    assertRefused(API.get(path + "&cursor=nonsense!", ACME_KEY), "cursor");
    assertRefused(API.get(path + "&cursor=AAAA", ACME_KEY), "cursor");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/v1/users/u/timeline?limit=0 limit 1000",
        "/v1/users/u/timeline?limit=1001 limit 1000",
        "/v1/users/u/timeline?limit=x limit 1000",
        "/v1/users/u/timeline?since=yesterday since RFC",
        "/v1/users/u/timeline?since=1h&until=2h until 'since'",
        "/v1/messages?from=1h&until=2h until 'from'",
        "/v1/users/u/timeline?until=2026-01-01 until RFC",
        "/v1/users/u/timeline?type=*.read type prefix",
        "/v1/users/u/timeline?type= type characters",
        "/v1/users/u/timeline?colour=red colour since",
        "/v1/users/u/timeline?limit=1&limit=2 limit once",
        "/v1/users/u/last?type=message.* type exact",
        "/v1/messages/m?wait=31s wait 30s",
        "/v1/messages/m?wait=soon wait 5s",
        "/v1/messages/m?limit=1 limit wait",
        "/v1/messages?status=FLYING status DELIVERED",
        "/v1/message id missing",
        "/v1/messages?direction=UP direction INBOUND",
        "/v1/messages?order=random order DESC",
        "/v1/messages?since=1h&from=1h from since",
      })
  void invalid_parameters_are_reported_with_allowed_values(
      String path, String name, String allowed) {
    HttpResponse<String> response = API.get(path, ACME_KEY);

    assertRefused(response, name);
    assertThat(json(response).get("detail").asText()).contains(allowed);
  }

  @Test
  void a_status_that_no_listed_message_has_is_not_suggested() {
    assertThat(json(API.get("/v1/messages?status=FLYING", ACME_KEY)).get("detail").asText())
        .endsWith("EXPIRED, UNCONFIRMED");
  }

  @Test
  void an_id_above_the_limit_is_rejected() {
    assertThat(API.get("/v1/messages/" + "a".repeat(3000), ACME_KEY).statusCode()).isEqualTo(400);
  }

  @Test
  void the_last_event_of_each_type_is_one_read() {
    IN_30D.message("acme", "m-l1", "u-last", T, Status.SENT, Status.READ);
    IN_30D.message("acme", "m-l2", "u-last", T + HOUR, Status.SENT);

    JsonNode all = json(API.get("/v1/users/u-last/last", ACME_KEY)).get("items");
    JsonNode sent = json(API.get("/v1/users/u-last/last?type=message.sent", ACME_KEY)).get("items");

    assertThat(all)
        .extracting(item -> item.get("type").asText())
        .containsExactly("message.read", "message.sent");
    assertThat(sent).extracting(item -> item.get("messageId").asText()).containsExactly("m-l2");
  }

  @Test
  void a_listing_pages_through_completed_messages_with_filters() {
    for (int i = 0; i < 9; i++) {
      IN_15D.message(
          "globex",
          "m-list" + i,
          "u-list" + i % 3,
          T + i * 1000L,
          i % 2 == 0 ? Status.DELIVERED : Status.FAILED);
    }
    IN_15D.message("globex", "m-list-flying", "u-list0", T, Status.SENT);

    assertThat(listed("limit=4&status=delivered"))
        .containsExactly("m-list8", "m-list6", "m-list4", "m-list2", "m-list0");
    assertThat(listed("limit=2&user=u-list1&order=asc"))
        .containsExactly("m-list1", "m-list4", "m-list7");
    assertThat(listed("limit=1&errorCode=131047&from=" + (T + 3000) + "&to=" + (T + 7000)))
        .containsExactly("m-list5", "m-list3");
    assertThat(listed("channel=sms")).isEmpty();
    assertThat(listed("channel=whatsapp&direction=outbound")).hasSize(9);
  }

  private static List<String> types(String user, String query) {
    List<String> types = new ArrayList<>();
    json(API.get("/v1/users/" + user + "/timeline?" + query, ACME_KEY))
        .get("items")
        .forEach(item -> types.add(item.get("type").asText()));
    return types;
  }

  private static List<String> listed(String query) {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = json(API.get("/v1/messages?" + query + cursor, GLOBEX_KEY));
      page.get("items")
          .forEach(
              item -> {
                if (item.get("messageId").asText().startsWith("m-list")) {
                  ids.add(item.get("messageId").asText());
                }
              });
      cursor =
          page.get("nextCursor").isNull() ? null : "&cursor=" + page.get("nextCursor").asText();
    } while (cursor != null);
    assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
    return ids;
  }

  private static void assertRefused(HttpResponse<String> response, String parameter) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(json(response).get("detail").asText()).contains("'" + parameter + "'");
  }
}
