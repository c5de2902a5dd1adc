package io.postflight.api;

import static io.postflight.api.TestApi.ACME_ERASE_KEY;
import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.MOVER_ERASE_KEY;
import static io.postflight.api.TestApi.MOVER_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.api.erasure.ErasureBackend;
import io.postflight.schema.event.Status;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Erased data is hidden regardless of the tables: here nothing is deleted, as if a lagging sink had
 * written every row again.
 */
final class ErasureGuardTest {
  private static final long MINUTE = 60_000;
  private static final long T = NOW.toEpochMilli();

  private final TwoTiers tiers = new TwoTiers(NOW.plusSeconds(3600));
  private final GatedReader gated = new GatedReader(tiers.store30);
  private final Given in30 = tiers.in30;
  private final Given in15 = tiers.in15;
  private final TestApi api =
      TestApi.erasing(
          all -> all,
          List.of(
              TestStore.reading(TwoTiers.TIER_30D, gated),
              TestStore.erasing(tiers.store15, new ScriptedEraser(0))),
          new ErasureBackend(new InMemoryCommandLog()));

  ErasureGuardTest() {
    gated.gate.complete(null);
  }

  @AfterEach
  void stop() {
    api.closeLater();
  }

  @Test
  void an_erased_message_is_hidden_from_every_read() {
    in30.message("acme", "m-1", "u-1", T - 9 * MINUTE, Status.SENT, Status.READ);
    in30.message("acme", "m-2", "u-1", T - 5 * MINUTE, Status.SENT, Status.READ);

    erase("/v1/messages/m-2");

    HttpResponse<String> gone = api.get("/v1/messages/m-2", ACME_KEY);
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(json(gone).get("detail"))
        .isEqualTo(json(api.get("/v1/messages/never", ACME_KEY)).get("detail"));
    assertThat(messages("/v1/messages")).containsExactly("m-1");
    assertThat(messages("/v1/users/u-1/timeline")).containsExactly("m-1", "m-1");
    assertThat(messages("/v1/users/u-1/last"))
        .as("the one before it of each type")
        .containsExactly("m-1", "m-1");
    assertThat(messages("/v1/users/u-1/last?type=message.read")).containsExactly("m-1");
  }

  @Test
  void a_users_erasure_hides_everything_created_before_and_nothing_created_after() {
    in30.message("acme", "m-before", "u-1", T - MINUTE, Status.SENT, Status.DELIVERED);
    // Its events at T + 1 and T + 2 minutes are later than the erasure, but their message is older.
    in30.message("acme", "m-across", "u-1", T, Status.SENT, Status.DELIVERED, Status.READ);
    in30.message("acme", "m-after", "u-1", T + 1, Status.SENT, Status.DELIVERED);
    in30.message("acme", "m-others", "u-2", T - MINUTE, Status.DELIVERED);
    in30.action(Given.action("acme", "u-1", "page_viewed", T));
    in30.action(Given.action("acme", "u-1", "product_viewed", T + 1));

    erase("/v1/users/u-1");

    assertThat(api.get("/v1/messages/m-before", ACME_KEY).statusCode()).isEqualTo(404);
    assertThat(api.get("/v1/messages/m-across", ACME_KEY).statusCode()).isEqualTo(404);
    assertThat(api.get("/v1/messages/m-after", ACME_KEY).statusCode()).isEqualTo(200);
    assertThat(messages("/v1/messages?until=" + (T + 10 * MINUTE)))
        .containsExactlyInAnyOrder("m-after", "m-others");
    assertThat(types("/v1/users/u-1/timeline?until=" + (T + 10 * MINUTE)))
        .containsExactly(
            "m-after message.delivered", "null product_viewed", "m-after message.sent");
    assertThat(types("/v1/users/u-1/last"))
        .containsExactlyInAnyOrder(
            "m-after message.delivered", "m-after message.sent", "null product_viewed");
    assertThat(messages("/v1/users/u-2/timeline")).containsExactly("m-others");
  }

  @Test
  void a_later_event_whose_message_has_no_row_is_hidden_too() {
    in30.message("acme", "m-across", "u-1", T - MINUTE, Status.SENT);
    in30.orphan(Given.event("acme", "m-gone", "u-1", Status.READ, T + MINUTE));

    erase("/v1/users/u-1");

    assertThat(types("/v1/users/u-1/timeline?until=" + (T + 10 * MINUTE))).isEmpty();
    assertThat(types("/v1/users/u-1/last")).isEmpty();
  }

  @Test
  void redacted_fields_are_hidden_and_do_not_match_filters() {
    in30.message("acme", "m-1", "u-1", T - MINUTE, Status.SENT, Status.FAILED);
    assertThat(messages("/v1/messages?errorCode=131047")).containsExactly("m-1");

    JsonNode receipt =
        json(
            api.patch(
                "/v1/messages/m-1",
                ACME_ERASE_KEY,
                "{\"redact\":[\"recipient\",\"error\",\"price\",\"attributes\"]}"));

    assertThat(receipt.get("fields"))
        .extracting(JsonNode::asText)
        .containsExactly("attributes", "error", "price", "recipient");
    JsonNode message = json(api.get("/v1/messages/m-1", ACME_KEY));
    assertThat(message.get("status").asText()).isEqualTo("FAILED");
    assertThat(message.has("recipient")).isFalse();
    assertThat(message.has("error")).isFalse();
    assertThat(message.has("price")).isFalse();
    assertThat(message.get("attributes")).isEmpty();
    assertThat(message.get("sender").asText()).isEqualTo("sender-1");
    assertThat(message.get("redacted"))
        .extracting(JsonNode::asText)
        .containsExactly("attributes", "error", "price", "recipient");
    for (String path : List.of("/v1/messages", "/v1/users/u-1/timeline", "/v1/users/u-1/last")) {
      HttpResponse<String> response = api.get(path, ACME_KEY);
      assertThat(response.body()).as(path).contains("m-1").doesNotContain("131047");
    }
    assertThat(messages("/v1/messages?errorCode=131047")).isEmpty();
  }

  @Test
  void redactions_accumulate() {
    in30.message("acme", "m-1", "u-1", T - MINUTE, Status.SENT);

    api.patch("/v1/messages/m-1", ACME_ERASE_KEY, "{\"redact\":[\"sender\"]}");
    api.patch("/v1/messages/m-1", ACME_ERASE_KEY, "{\"redact\":[\"recipient\"]}");

    JsonNode message = json(api.get("/v1/messages/m-1", ACME_KEY));
    assertThat(message.has("sender")).isFalse();
    assertThat(message.has("recipient")).isFalse();
  }

  @Test
  void pages_are_full_although_many_rows_are_hidden() {
    for (int i = 0; i < 60; i++) {
      String user = i % 20 == 0 ? "u-kept" : "u-erased";
      in30.message("acme", "m-" + (100 + i), user, T - i * MINUTE, Status.DELIVERED);
    }
    erase("/v1/users/u-erased");

    List<String> pages = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = json(api.get("/v1/messages?limit=2" + cursor, ACME_KEY));
      List<String> ids = new ArrayList<>();
      page.get("items").forEach(item -> ids.add(item.get("messageId").asText()));
      pages.add(String.join(" ", ids));
      assertThat(page.get("partial").asBoolean()).isFalse();
      cursor =
          page.get("nextCursor").isNull() ? null : "&cursor=" + page.get("nextCursor").asText();
    } while (cursor != null);

    assertThat(pages).startsWith("m-100 m-120").hasSizeLessThanOrEqualTo(3);
    assertThat(String.join(" ", pages).strip()).isEqualTo("m-100 m-120 m-140");
  }

  @Test
  void a_page_of_a_timeline_is_full_although_many_rows_are_hidden() {
    for (int i = 0; i < 30; i++) {
      in30.message("acme", "m-" + (100 + i), "u-1", T - i * MINUTE, Status.DELIVERED);
    }
    for (int i = 0; i < 30; i++) {
      if (i % 10 != 0) {
        erase("/v1/messages/m-" + (100 + i));
      }
    }

    assertThat(messages("/v1/users/u-1/timeline?limit=3"))
        .containsExactly("m-100", "m-110", "m-120");
  }

  @Test
  void a_read_of_an_erased_message_does_not_wait() {
    erase("/v1/messages/m-1");
    long start = System.nanoTime();

    assertThat(api.get("/v1/messages/m-1?wait=20s", ACME_KEY).statusCode()).isEqualTo(404);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void a_wait_ends_when_its_message_is_erased() {
    CompletableFuture<HttpResponse<String>> held =
        api.sendAsync(
            api.request("/v1/messages/m-1?wait=25s").header("Authorization", "Bearer " + ACME_KEY));
    Awaitility.await().until(() -> gated.reads.get() > 0);

    erase("/v1/messages/m-1");

    Awaitility.await().atMost(Duration.ofSeconds(10)).until(held::isDone);
    assertThat(held.join().statusCode()).isEqualTo(404);
  }

  @Test
  void of_two_lifecycles_the_later_one_survives_an_earlier_erasure_of_its_user() {
    in15.message("mover", "m-1", "u-1", T - 2 * MINUTE, Status.SENT, Status.FAILED);
    in30.message("mover", "m-1", "u-1", T + MINUTE, Status.DELIVERED);
    assertThat(json(api.get("/v1/messages/m-1", MOVER_KEY)).get("times")).hasSize(3);

    assertThat(api.delete("/v1/users/u-1", MOVER_ERASE_KEY).statusCode()).isEqualTo(200);

    JsonNode message = json(api.get("/v1/messages/m-1", MOVER_KEY));
    assertThat(message.get("times").properties()).hasSize(1);
    assertThat(message.get("tier").asText()).isEqualTo("30d");
    JsonNode page = json(api.get("/v1/messages?until=" + (T + 10 * MINUTE), MOVER_KEY));
    assertThat(page.get("items")).hasSize(1);
    assertThat(page.at("/items/0/status").asText()).isEqualTo("DELIVERED");
  }

  private void erase(String path) {
    HttpResponse<String> response = api.delete(path, ACME_ERASE_KEY);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  private List<String> messages(String path) {
    List<String> ids = new ArrayList<>();
    json(api.get(path, ACME_KEY))
        .get("items")
        .forEach(item -> ids.add(item.path("messageId").asText()));
    return ids;
  }

  private List<String> types(String path) {
    List<String> types = new ArrayList<>();
    json(api.get(path, ACME_KEY))
        .get("items")
        .forEach(
            item ->
                types.add(item.path("messageId").asText("null") + ' ' + item.get("type").asText()));
    return types;
  }
}
