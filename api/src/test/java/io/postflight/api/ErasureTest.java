package io.postflight.api;

import static io.postflight.api.TestApi.ACME_ERASE_KEY;
import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.ACME_READ_KEY;
import static io.postflight.api.TestApi.GLOBEX_ERASE_KEY;
import static io.postflight.api.TestApi.GLOBEX_KEY;
import static io.postflight.api.TestApi.MOVER_ERASE_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.encoded;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.api.erasure.ErasureBackend;
import io.postflight.api.erasure.ErasureSettings;
import io.postflight.api.erasure.TierEraser;
import io.postflight.api.query.TierReader;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.event.Status;
import io.postflight.schema.recovery.Recoveries;
import io.postflight.schema.recovery.RecoveryPhase;
import io.postflight.store.Tier;
import io.postflight.store.memory.InMemoryEventStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A privacy command from the request to the receipt. */
final class ErasureTest {
  private static final long T = NOW.toEpochMilli() - 3_600_000;
  private static final Tier TIER_30D = Tier.of("30d", Duration.ofDays(30));
  private static final Tier TIER_15D = Tier.of("15d", Duration.ofDays(15));
  private static final ErasureSettings QUICK =
      new ErasureSettings(
          Duration.ofMillis(300),
          2,
          3,
          1_000,
          Duration.ofDays(14),
          Duration.ofHours(1),
          Duration.ofMillis(10),
          Duration.ofMillis(40));

  private final InMemoryEventStore store30 =
      new InMemoryEventStore(TIER_30D, InstantSource.fixed(NOW));
  private final InMemoryEventStore store15 =
      new InMemoryEventStore(TIER_15D, InstantSource.fixed(NOW));
  private final ScriptedEraser eraser30 = new ScriptedEraser(3);
  private final ScriptedEraser eraser15 = new ScriptedEraser(4);
  private final InMemoryCommandLog ledger = new InMemoryCommandLog();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final TestApi api = api(QUICK);

  @AfterEach
  void stop() {
    api.closeLater();
  }

  private TestApi api(ErasureSettings settings) {
    return TestApi.erasing(
        all -> all.withErasure(settings),
        List.of(TierReader.of(store30), TierReader.of(store15)),
        new ErasureBackend(
            ledger,
            List.of(new TierEraser(TIER_30D, eraser30), new TierEraser(TIER_15D, eraser15))),
        now::get);
  }

  @Test
  void the_receipt_of_an_erased_message_is_told_at_once() {
    String id = "wamid.A/b+c==|%";
    new Given(store30, TIER_30D).message("acme", id, "u-1", T, Status.SENT, Status.READ);

    HttpResponse<String> response = api.delete("/v1/messages/" + encoded(id), ACME_ERASE_KEY);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode receipt = json(response);
    assertThat(receipt.at("/subject/message").asText()).isEqualTo(id);
    assertThat(receipt.get("subject").has("user")).isFalse();
    assertThat(receipt.get("fields")).isEmpty();
    assertThat(receipt.get("at").asText()).isEqualTo(NOW.toString());
    assertThat(receipt.get("rows").asLong()).isEqualTo(3);
    assertThat(receipt.get("state").asText()).isEqualTo("DONE");
    assertThat(json(api.get("/v1/erasures/" + receipt.get("id").asText(), ACME_ERASE_KEY)))
        .isEqualTo(receipt);
    assertThat(api.get("/v1/messages/" + encoded(id), ACME_KEY).statusCode()).isEqualTo(404);
  }

  @Test
  void a_phone_number_is_erased_in_its_normal_form() {
    for (String path : List.of("/v1/users/+15551112222", "/v1/user?id=%2B1%20555-111-2222")) {
      JsonNode receipt = json(api.delete(path, ACME_ERASE_KEY));

      assertThat(receipt.at("/subject/user").asText()).as(path).isEqualTo("15551112222");
    }
  }

  @Test
  void the_command_is_durable_first_and_its_completion_after() {
    CompletableFuture<Void> gate = eraser30.shut();

    HttpResponse<String> response = api.delete("/v1/users/u%2F1", ACME_ERASE_KEY);

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(ledger.entries())
        .singleElement()
        .satisfies(
            command -> {
              assertThat(command.getTenant()).isEqualTo("acme");
              assertThat(command.getUserId()).isEqualTo("u/1");
              assertThat(command.getMessageId()).isNull();
              assertThat(command.getFields()).isEmpty();
              assertThat(command.getAt()).isEqualTo(NOW.toEpochMilli());
              assertThat(command.getRequestedBy()).isNotBlank();
              assertThat(ErasureIds.timeOf(command.getId())).hasValue(NOW.toEpochMilli());
            });
    gate.complete(null);
    Awaitility.await().until(() -> ledger.entries().size() == 2);
    Erasure notice = ledger.entries().get(1);
    assertThat(notice.getId()).isEqualTo(ledger.entries().get(0).getId());
    assertThat(notice.getCompletedAt()).isEqualTo(NOW.toEpochMilli());
    assertThat(notice.getRows()).isEqualTo(3);
  }

  @Test
  void a_tier_that_is_away_is_told_as_running_and_is_done_once_it_is_back() {
    eraser30.setAway(true);

    HttpResponse<String> response = api.delete("/v1/messages/m-1", ACME_ERASE_KEY);

    assertThat(response.statusCode()).isEqualTo(202);
    JsonNode receipt = json(response);
    assertThat(receipt.get("state").asText()).isEqualTo("RUNNING");
    assertThat(receipt.has("rows")).isFalse();
    String location = response.headers().firstValue("location").orElseThrow();
    assertThat(location).isEqualTo("/v1/erasures/" + receipt.get("id").asText());
    assertThat(json(api.get(location, ACME_ERASE_KEY)).get("state").asText()).isEqualTo("RUNNING");

    eraser30.setAway(false);

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(json(api.get(location, ACME_ERASE_KEY)).get("state").asText())
                    .isEqualTo("DONE"));
    assertThat(json(api.get(location, ACME_ERASE_KEY)).get("rows").asLong()).isEqualTo(3);
  }

  @Test
  void both_tiers_of_a_tenant_that_moved_are_erased_and_only_the_one_that_failed_again() {
    eraser15.setAway(true);
    String location =
        api.delete("/v1/messages/m-1", MOVER_ERASE_KEY)
            .headers()
            .firstValue("location")
            .orElseThrow();
    eraser15.setAway(false);

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(json(api.get(location, MOVER_ERASE_KEY)).get("state").asText())
                    .isEqualTo("DONE"));
    assertThat(json(api.get(location, MOVER_ERASE_KEY)).get("rows").asLong()).isEqualTo(7);
    assertThat(eraser30.calls()).hasSize(1);
    assertThat(eraser15.calls()).hasSizeGreaterThan(1);
  }

  @Test
  void deletes_are_stamped_above_all_that_was_created_and_redactions_just_below() {
    api.delete("/v1/messages/m-1", ACME_ERASE_KEY);
    api.patch("/v1/messages/m-1", ACME_ERASE_KEY, "{\"redact\":[\"sender\",\"body\",\"body\"]}");

    List<ScriptedEraser.Call> calls = eraser30.calls();
    assertThat(calls).hasSize(2);
    assertThat(calls.get(0).micros()).isEqualTo(ErasureTimes.micros(calls.get(0).command()));
    assertThat(calls.get(1).micros())
        .isEqualTo(ErasureTimes.provisionalMicros(calls.get(1).command()));
    assertThat(calls.get(1).command().getFields()).containsExactly("body", "sender");
  }

  @Test
  void a_command_is_not_older_than_what_was_received_before_it() {
    now.set(NOW.plusSeconds(30));
    HttpResponse<String> accepted =
        api.post(
            "/v1/events",
            "{\"userId\":\"u-1\"}".getBytes(StandardCharsets.UTF_8),
            "Authorization",
            "Bearer " + ACME_KEY);
    assertThat(accepted.statusCode()).isEqualTo(202);
    now.set(NOW);

    JsonNode receipt = json(api.delete("/v1/users/u-1", ACME_ERASE_KEY));

    assertThat(receipt.get("at").asText()).isEqualTo(NOW.plusSeconds(30).toString());
  }

  @Test
  void nothing_is_done_while_the_ledger_does_not_take_the_command() {
    new Given(store30, TIER_30D).message("acme", "m-1", "u-1", T, Status.READ);
    ledger.setAway(true);

    HttpResponse<String> response = api.delete("/v1/messages/m-1", ACME_ERASE_KEY);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertThat(response.body()).doesNotContain("10.0.0.8");
    assertThat(eraser30.calls()).isEmpty();
    assertThat(api.get("/v1/messages/m-1", ACME_KEY).statusCode()).isEqualTo(200);
  }

  @Test
  void it_is_done_only_once_that_is_durable_too() {
    CompletableFuture<Void> gate = eraser30.shut();
    String location =
        api.delete("/v1/messages/m-1", ACME_ERASE_KEY)
            .headers()
            .firstValue("location")
            .orElseThrow();
    ledger.setAway(true);
    gate.complete(null);

    assertThat(json(api.get(location, ACME_ERASE_KEY)).get("state").asText()).isEqualTo("RUNNING");
    ledger.setAway(false);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(json(api.get(location, ACME_ERASE_KEY)).get("state").asText())
                    .isEqualTo("DONE"));
    assertThat(eraser30.calls()).hasSize(1);
  }

  @Test
  void a_message_that_nobody_knows_is_erased_for_good_too() {
    new Given(store30, TIER_30D).message("acme", "m-late", "u-1", T, Status.READ);
    JsonNode receipt = json(api.delete("/v1/messages/m-unknown", ACME_ERASE_KEY));

    assertThat(receipt.get("state").asText()).isEqualTo("DONE");
    assertThat(ledger.commands()).extracting(Erasure::getMessageId).containsExactly("m-unknown");
    new Given(store30, TIER_30D).message("acme", "m-unknown", "u-1", T, Status.READ);
    assertThat(api.get("/v1/messages/m-unknown", ACME_KEY).statusCode()).isEqualTo(404);
    assertThat(api.get("/v1/messages/m-late", ACME_KEY).statusCode()).isEqualTo(200);
  }

  @Test
  void more_than_can_be_under_way_is_refused_until_there_is_room() {
    eraser30.setAway(true);
    for (int i = 0; i < QUICK.mostUnderWay(); i++) {
      assertThat(api.delete("/v1/messages/m-" + i, ACME_ERASE_KEY).statusCode()).isEqualTo(202);
    }

    HttpResponse<String> refused = api.delete("/v1/messages/m-more", ACME_ERASE_KEY);

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(ledger.commands()).hasSize(QUICK.mostUnderWay());
    eraser30.setAway(false);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(api.delete("/v1/messages/m-more", ACME_ERASE_KEY).statusCode())
                    .isEqualTo(200));
  }

  @Test
  void commands_that_wait_for_a_tier_hold_up_no_others() {
    eraser30.setAway(true);
    for (int i = 0; i < QUICK.atOnce(); i++) {
      assertThat(api.delete("/v1/messages/m-" + i, ACME_ERASE_KEY).statusCode()).isEqualTo(202);
    }

    assertThat(api.delete("/v1/messages/m-1", GLOBEX_ERASE_KEY).statusCode()).isEqualTo(200);
  }

  @Test
  void a_command_that_an_instance_left_unfinished_is_finished_by_another() {
    Erasure left =
        Erasure.newBuilder()
            .setId(ErasureIds.next(NOW.toEpochMilli(), new Random(7)))
            .setTenant("acme")
            .setMessageId("m-1")
            .setAt(NOW.toEpochMilli())
            .build();
    ledger.append(left).join();
    try (TestApi other = api(takingOverAfter(Duration.ofMillis(50)))) {
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(
                          json(other.get("/v1/erasures/" + left.getId(), ACME_ERASE_KEY))
                              .get("state")
                              .asText())
                      .isEqualTo("DONE"));
    }
    assertThat(eraser30.calls()).extracting(ScriptedEraser.Call::command).containsExactly(left);
    assertThat(json(api.get("/v1/erasures/" + left.getId(), ACME_ERASE_KEY)).get("state").asText())
        .as("the instance that did not take it up has read the notice")
        .isEqualTo("DONE");
  }

  @Test
  void what_one_instance_erases_no_other_shows() {
    new Given(store30, TIER_30D).message("acme", "m-1", "u-1", T, Status.READ);
    try (TestApi other = api(QUICK)) {
      assertThat(other.get("/v1/messages/m-1", ACME_KEY).statusCode()).isEqualTo(200);

      String id = json(api.delete("/v1/messages/m-1", ACME_ERASE_KEY)).get("id").asText();

      assertThat(other.get("/v1/messages/m-1", ACME_KEY).statusCode()).isEqualTo(404);
      assertThat(json(other.get("/v1/erasures/" + id, ACME_ERASE_KEY)).get("state").asText())
          .isEqualTo("DONE");
    }
  }

  @Test
  void a_tenant_reaches_nothing_of_another() {
    new Given(store15, TIER_15D).message("globex", "m-1", "u-1", T, Status.READ);

    String id = json(api.delete("/v1/messages/m-1", ACME_ERASE_KEY)).get("id").asText();
    api.delete("/v1/users/u-1", ACME_ERASE_KEY);

    assertThat(api.get("/v1/messages/m-1", GLOBEX_KEY).statusCode()).isEqualTo(200);
    assertThat(json(api.get("/v1/users/u-1/timeline", GLOBEX_KEY)).get("items")).hasSize(1);
    HttpResponse<String> foreign = api.get("/v1/erasures/" + id, GLOBEX_ERASE_KEY);
    HttpResponse<String> nobodys =
        api.get(
            "/v1/erasures/" + ErasureIds.next(NOW.toEpochMilli(), new Random(1)), GLOBEX_ERASE_KEY);
    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(json(foreign).get("detail")).isEqualTo(json(nobodys).get("detail"));
    assertThat(api.get("/v1/erasures/nonsense", GLOBEX_ERASE_KEY).statusCode()).isEqualTo(404);
  }

  @Test
  void only_a_key_with_the_scope_may() {
    assertThat(api.delete("/v1/messages/m-1", ACME_READ_KEY).statusCode()).isEqualTo(403);
    assertThat(api.delete("/v1/users/u-1", ACME_KEY).statusCode()).isEqualTo(403);
    assertThat(api.patch("/v1/messages/m-1", ACME_KEY, "{\"redact\":[\"body\"]}").statusCode())
        .isEqualTo(403);
    assertThat(api.get("/v1/erasures/x", ACME_KEY).statusCode()).isEqualTo(403);
    assertThat(api.get("/v1/messages/m-1", ACME_ERASE_KEY).statusCode()).isEqualTo(403);
    assertThat(api.send(api.request("/v1/users/u-1").DELETE()).statusCode()).isEqualTo(401);
    assertThat(ledger.entries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "{}",
        "{\"redact\":[]}",
        "{\"redact\":\"body\"}",
        "{\"redact\":[1]}",
        "{\"redact\":[\"userId\"]}",
        "{\"redact\":[\"body\"],\"reason\":\"x\"}",
        "{\"redact\":[\"body\"],\"redact\":[\"sender\"]}",
        "{\"redact\":[\"body\"]} more"
      })
  void a_body_that_is_not_understood_is_refused_with_what_is_allowed(String body) {
    HttpResponse<String> response = api.patch("/v1/messages/m-1", ACME_ERASE_KEY, body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).get("detail").asText())
        .contains("attributes, body, error, price, recipient, sender");
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void what_is_too_large_or_not_known_is_refused() {
    HttpResponse<String> large =
        api.patch("/v1/messages/m-1", ACME_ERASE_KEY, " ".repeat(9_000) + "{}");
    HttpResponse<String> longId = api.delete("/v1/messages/" + "m".repeat(2_049), ACME_ERASE_KEY);
    HttpResponse<String> parameter = api.delete("/v1/users/u-1?since=1d", ACME_ERASE_KEY);
    HttpResponse<String> method = api.get("/v1/users/u-1", ACME_ERASE_KEY);

    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(longId.statusCode()).isEqualTo(400);
    assertThat(parameter.statusCode()).isEqualTo(400);
    assertThat(json(parameter).get("detail").asText()).contains("since");
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("allow")).hasValue("DELETE");
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void a_tier_that_is_not_configured_here_is_said_before_anything_is_done() {
    try (TestApi partial =
        TestApi.erasing(
            all -> all.withErasure(QUICK),
            List.of(TierReader.of(store30)),
            new ErasureBackend(ledger, List.of(new TierEraser(TIER_30D, eraser30))))) {
      HttpResponse<String> response = partial.delete("/v1/messages/m-1", MOVER_ERASE_KEY);

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("15d");
      assertThat(ledger.entries()).isEmpty();
    }
  }

  @Test
  void nothing_is_read_before_it_is_known_what_was_erased() {
    InMemoryCommandLog slow = new InMemoryCommandLog();
    slow.loading = new CompletableFuture<>();
    try (TestApi starting =
        TestApi.erasing(
            all -> all,
            List.of(TierReader.of(store30)),
            new ErasureBackend(slow, List.of(new TierEraser(TIER_30D, eraser30))))) {
      for (String path :
          List.of("/v1/messages/m", "/v1/messages", "/v1/users/u/last", "/v1/users/u/timeline")) {
        HttpResponse<String> response = starting.get(path, ACME_KEY);
        assertThat(response.statusCode()).as(path).isEqualTo(503);
        assertThat(response.headers().firstValue("retry-after")).isPresent();
      }
      assertThat(starting.delete("/v1/messages/m", ACME_ERASE_KEY).statusCode()).isEqualTo(503);
      assertThat(
              json(starting.get("/health/status", TestApi.OPERATOR_KEY))
                  .at("/dependencies/erasures/ready")
                  .asBoolean())
          .isFalse();
      assertThat(starting.get("/health/ready").statusCode()).as("webhooks").isEqualTo(200);

      slow.loading.complete(null);

      assertThat(starting.get("/v1/messages", ACME_KEY).statusCode()).isEqualTo(200);
      assertThat(
              json(starting.get("/health/status", TestApi.OPERATOR_KEY)).get("healthy").asBoolean())
          .isTrue();
    }
  }

  @Test
  void a_tier_in_recovery_is_not_read_and_a_users_erasure_waits_for_its_end() {
    Map<String, RecoveryPhase> phases = new ConcurrentHashMap<>();
    phases.put("30d", RecoveryPhase.LOADING);
    try (TestApi recovering =
        TestApi.erasing(
            all -> all.withErasure(takingOverAfter(Duration.ofMillis(20))),
            List.of(TierReader.of(store30), TierReader.of(store15)),
            new ErasureBackend(
                ledger,
                List.of(new TierEraser(TIER_30D, eraser30), new TierEraser(TIER_15D, eraser15)),
                recoveries(phases)))) {
      HttpResponse<String> read = recovering.get("/v1/messages/m", ACME_KEY);
      assertThat(read.statusCode()).isEqualTo(503);
      assertThat(read.body()).contains("30d", "recovery");
      assertThat(recovering.get("/v1/messages", GLOBEX_KEY).statusCode()).isEqualTo(200);

      // More than may be under way at once: what waits takes no room.
      List<String> locations = new ArrayList<>();
      for (int i = 0; i < QUICK.mostUnderWay() + 2; i++) {
        HttpResponse<String> response = recovering.delete("/v1/users/u-" + i, ACME_ERASE_KEY);
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response).get("state").asText()).isEqualTo("WAITING");
        locations.add(response.headers().firstValue("location").orElseThrow());
      }
      assertThat(eraser30.calls()).isEmpty();
      HttpResponse<String> message = recovering.delete("/v1/messages/m", ACME_ERASE_KEY);
      assertThat(json(message).get("state").asText()).isEqualTo("DONE");

      phases.clear();

      for (String location : locations) {
        Awaitility.await()
            .untilAsserted(
                () ->
                    assertThat(json(recovering.get(location, ACME_ERASE_KEY)).get("state").asText())
                        .isEqualTo("DONE"));
      }
      assertThat(recovering.get("/v1/messages", ACME_KEY).statusCode()).isEqualTo(200);
    }
  }

  private static Recoveries recoveries(Map<String, RecoveryPhase> phases) {
    return new Recoveries() {
      @Override
      public boolean loaded() {
        return true;
      }

      @Override
      public Optional<RecoveryPhase> known(String tier) {
        return Optional.ofNullable(phases.get(tier));
      }

      @Override
      public CompletionStage<Optional<RecoveryPhase>> current(String tier) {
        return CompletableFuture.completedFuture(known(tier));
      }
    };
  }

  private static ErasureSettings takingOverAfter(Duration after) {
    return new ErasureSettings(
        QUICK.answerWithin(),
        QUICK.atOnce(),
        QUICK.mostUnderWay(),
        QUICK.mostRemembered(),
        QUICK.rememberedFor(),
        after,
        QUICK.firstPause(),
        QUICK.longestPause());
  }
}
