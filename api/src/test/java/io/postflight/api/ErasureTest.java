package io.postflight.api;

import static io.postflight.api.TestApi.ACME_ERASE_KEY;
import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.GLOBEX_ERASE_KEY;
import static io.postflight.api.TestApi.MOVER_ERASE_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.encoded;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.event.Status;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An erasure command from request to receipt. */
final class ErasureTest extends ErasureFixture {
  private static final long T = NOW.toEpochMilli() - 3_600_000;

  @Test
  void the_receipt_of_an_erased_message_is_returned() {
    String id = "wamid.A/b+c==|%";
    tiers.in30.message("acme", id, "u-1", T, Status.SENT, Status.READ);

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
  void a_phone_number_is_erased_in_normalized_form() {
    for (String path : List.of("/v1/users/+15551112222", "/v1/user?id=%2B1%20555-111-2222")) {
      JsonNode receipt = json(api.delete(path, ACME_ERASE_KEY));

      assertThat(receipt.at("/subject/user").asText()).as(path).isEqualTo("15551112222");
    }
  }

  @Test
  void the_command_is_appended_before_its_completion_notice() {
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
  void with_an_unavailable_tier_the_receipt_is_running_until_the_tier_is_back() {
    eraser30.setUnavailable(true);

    HttpResponse<String> response = api.delete("/v1/messages/m-1", ACME_ERASE_KEY);

    assertThat(response.statusCode()).isEqualTo(202);
    JsonNode receipt = json(response);
    assertThat(receipt.get("state").asText()).isEqualTo("RUNNING");
    assertThat(receipt.has("rows")).isFalse();
    assertThat(receipt.get("awaitedTiers")).extracting(JsonNode::asText).containsExactly("30d");
    String location = response.headers().firstValue("location").orElseThrow();
    assertThat(location).isEqualTo("/v1/erasures/" + receipt.get("id").asText());
    assertThat(json(api.get(location, ACME_ERASE_KEY)).get("state").asText()).isEqualTo("RUNNING");

    eraser30.setUnavailable(false);

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(json(api.get(location, ACME_ERASE_KEY)).get("state").asText())
                    .isEqualTo("DONE"));
    assertThat(json(api.get(location, ACME_ERASE_KEY)).get("rows").asLong()).isEqualTo(3);
  }

  @Test
  void both_tiers_of_a_moved_tenant_are_erased_and_only_the_failed_one_is_retried() {
    eraser15.setUnavailable(true);
    String location =
        api.delete("/v1/messages/m-1", MOVER_ERASE_KEY)
            .headers()
            .firstValue("location")
            .orElseThrow();
    eraser15.setUnavailable(false);

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
  void write_timestamps_of_deletes_are_above_all_created_rows_and_of_redactions_just_below() {
    api.delete("/v1/messages/m-1", ACME_ERASE_KEY);
    api.patch("/v1/messages/m-1", ACME_ERASE_KEY, "{\"redact\":[\"sender\",\"body\",\"body\"]}");

    List<ScriptedEraser.EraseCall> calls = eraser30.calls();
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
  void nothing_is_erased_if_the_command_cannot_be_appended() {
    tiers.in30.message("acme", "m-1", "u-1", T, Status.READ);
    ledger.setUnavailable(true);

    HttpResponse<String> response = api.delete("/v1/messages/m-1", ACME_ERASE_KEY);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertThat(response.body()).doesNotContain("10.0.0.8");
    assertThat(eraser30.calls()).isEmpty();
    assertThat(api.get("/v1/messages/m-1", ACME_KEY).statusCode()).isEqualTo(200);
  }

  @Test
  void a_command_completes_only_with_a_durable_notice() {
    CompletableFuture<Void> gate = eraser30.shut();
    String location =
        api.delete("/v1/messages/m-1", ACME_ERASE_KEY)
            .headers()
            .firstValue("location")
            .orElseThrow();
    ledger.setUnavailable(true);
    gate.complete(null);

    assertThat(json(api.get(location, ACME_ERASE_KEY)).get("state").asText()).isEqualTo("RUNNING");
    ledger.setUnavailable(false);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(json(api.get(location, ACME_ERASE_KEY)).get("state").asText())
                    .isEqualTo("DONE"));
    assertThat(eraser30.calls()).hasSize(1);
  }

  @Test
  void an_unknown_message_can_be_erased() {
    tiers.in30.message("acme", "m-late", "u-1", T, Status.READ);
    JsonNode receipt = json(api.delete("/v1/messages/m-unknown", ACME_ERASE_KEY));

    assertThat(receipt.get("state").asText()).isEqualTo("DONE");
    assertThat(ledger.commands()).extracting(Erasure::getMessageId).containsExactly("m-unknown");
    tiers.in30.message("acme", "m-unknown", "u-1", T, Status.READ);
    assertThat(api.get("/v1/messages/m-unknown", ACME_KEY).statusCode()).isEqualTo(404);
    assertThat(api.get("/v1/messages/m-late", ACME_KEY).statusCode()).isEqualTo(200);
  }

  @Test
  void commands_above_the_tenants_limit_are_rejected_until_capacity_is_free() {
    eraser30.setUnavailable(true);
    for (int i = 0; i < PENDING_OF_TENANT; i++) {
      assertThat(api.delete("/v1/messages/m-" + i, ACME_ERASE_KEY).statusCode()).isEqualTo(202);
    }

    HttpResponse<String> refused = api.delete("/v1/messages/m-more", ACME_ERASE_KEY);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(ledger.commands()).hasSize(PENDING_OF_TENANT);
    assertThat(api.delete("/v1/messages/m-1", GLOBEX_ERASE_KEY).statusCode()).isEqualTo(200);
    eraser30.setUnavailable(false);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(api.delete("/v1/messages/m-more", ACME_ERASE_KEY).statusCode())
                    .isEqualTo(200));
  }

  @Test
  void commands_that_back_off_do_not_delay_others() {
    eraser30.setUnavailable(true);
    for (int i = 0; i < QUICK.concurrency(); i++) {
      assertThat(api.delete("/v1/messages/m-" + i, ACME_ERASE_KEY).statusCode()).isEqualTo(202);
    }

    assertThat(api.delete("/v1/messages/m-1", GLOBEX_ERASE_KEY).statusCode()).isEqualTo(200);
  }

  @Test
  void a_tier_that_does_not_respond_delays_only_its_tenants() {
    CompletableFuture<Void> gate = eraser30.shut();
    for (int i = 0; i < QUICK.concurrency(); i++) {
      assertThat(api.delete("/v1/messages/m-" + i, ACME_ERASE_KEY).statusCode()).isEqualTo(202);
    }

    assertThat(api.delete("/v1/messages/m-1", GLOBEX_ERASE_KEY).statusCode()).isEqualTo(200);
    gate.complete(null);
  }

  @Test
  void a_tenant_looks_up_one_old_receipt_at_a_time() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    ledger.setSearching(gate);
    CompletableFuture<HttpResponse<String>> first = receiptOf(1, ACME_ERASE_KEY);
    Awaitility.await().until(() -> ledger.searches() == 1);
    CompletableFuture<HttpResponse<String>> equal = receiptOf(1, ACME_ERASE_KEY);

    assertThat(receiptOf(2, ACME_ERASE_KEY).join().statusCode()).isEqualTo(429);
    CompletableFuture<HttpResponse<String>> other = receiptOf(3, GLOBEX_ERASE_KEY);
    Awaitility.await().until(() -> ledger.searches() == 2);
    gate.complete(null);

    for (CompletableFuture<HttpResponse<String>> each : List.of(first, equal, other)) {
      assertThat(each.join().statusCode()).isEqualTo(404);
    }
    assertThat(receiptOf(2, ACME_ERASE_KEY).join().statusCode()).isEqualTo(404);
  }

  private CompletableFuture<HttpResponse<String>> receiptOf(int seed, String key) {
    String id = ErasureIds.next(NOW.toEpochMilli(), new Random(seed));
    return api.sendAsync(
        api.request("/v1/erasures/" + id).header("Authorization", "Bearer " + key));
  }

  @Test
  void an_unfinished_command_is_taken_over_by_another_instance() {
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
    assertThat(eraser30.calls())
        .extracting(ScriptedEraser.EraseCall::command)
        .containsExactly(left);
    assertThat(json(api.get("/v1/erasures/" + left.getId(), ACME_ERASE_KEY)).get("state").asText())
        .as("the other instance has read the notice")
        .isEqualTo("DONE");
  }

  @Test
  void an_erasure_applies_to_reads_of_every_instance() {
    tiers.in30.message("acme", "m-1", "u-1", T, Status.READ);
    try (TestApi other = api(QUICK)) {
      assertThat(other.get("/v1/messages/m-1", ACME_KEY).statusCode()).isEqualTo(200);

      String id = json(api.delete("/v1/messages/m-1", ACME_ERASE_KEY)).get("id").asText();

      assertThat(other.get("/v1/messages/m-1", ACME_KEY).statusCode()).isEqualTo(404);
      assertThat(json(other.get("/v1/erasures/" + id, ACME_ERASE_KEY)).get("state").asText())
          .isEqualTo("DONE");
    }
  }
}
