package io.postflight.api;

import static io.postflight.api.TestApi.ACME_ERASE_KEY;
import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.api.erasure.ErasureBackend;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.event.Status;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The erasure of a user")
final class PersonErasureTest extends ErasureFixture {
  private static final long HOUR = 3_600_000;
  private static final long T = NOW.toEpochMilli() - 100 * HOUR;
  private static final String NUMBER = "491701234567";
  private static final String NEW_NUMBER = "491709999999";
  private static final String ADA = "DE.111";
  private static final String BOB = "DE.222";

  @Test
  void hides_the_rows_under_all_ids_of_the_person_from_the_moment_it_is_answered() {
    given(ADA, NUMBER, "customer-1");
    CompletableFuture<Void> gate = eraser30.shut();

    HttpResponse<String> response = api.delete("/v1/users/" + NUMBER, ACME_ERASE_KEY);

    assertThat(response.statusCode()).isEqualTo(202);
    try (TestApi other = api(QUICK)) {
      for (TestApi each : List.of(api, other)) {
        for (String id : List.of(ADA, NUMBER, "customer-1")) {
          assertThat(items(each, "/v1/users/" + id + "/timeline")).as(id).isEmpty();
          assertThat(items(each, "/v1/users/" + id + "/last")).as(id).isEmpty();
          assertThat(each.get("/v1/messages/m-" + id, ACME_KEY).statusCode()).isEqualTo(404);
          assertThat(json(each.get("/v1/users/" + id + "/identity", ACME_KEY)).get("aliases"))
              .hasSize(1);
        }
        assertThat(items(each, "/v1/messages")).isEmpty();
      }
    }
    gate.complete(null);
  }

  @Test
  void appends_the_command_and_those_that_extend_it() {
    given(ADA, NUMBER, "customer-1");

    JsonNode receipt = json(api.delete("/v1/users/" + NUMBER, ACME_ERASE_KEY));

    Erasure root = ledger.commands().get(0);
    assertThat(root.getUserId()).isEqualTo(NUMBER);
    assertThat(root.getScope().getAliases()).containsExactly(ADA, "customer-1");
    assertThat(root.getUsedAt()).isEqualTo(T + 60_000);
    assertThat(ledger.commands().subList(1, 3))
        .allSatisfy(
            derived -> {
              assertThat(derived.getRoot()).isEqualTo(root.getId());
              assertThat(derived.getAt()).isEqualTo(root.getAt());
              assertThat(derived.getRequestedBy()).isEqualTo(root.getRequestedBy());
              assertThat(derived.getScope()).isNull();
            })
        .extracting(Erasure::getUserId)
        .containsExactly(ADA, "customer-1");
    assertThat(receipt.get("id").asText()).isEqualTo(root.getId());
    String location = "/v1/erasures/" + root.getId();
    Awaitility.await().until(() -> state(location).equals("DONE"));
    JsonNode done = json(api.get(location, ACME_ERASE_KEY));
    assertThat(done.at("/subject/user").asText()).isEqualTo(NUMBER);
    assertThat(done.get("aliases").toString())
        .isEqualTo("[\"" + NUMBER + "\",\"" + ADA + "\",\"customer-1\"]");
    assertThat(done.get("rows").asLong()).as("of all three").isEqualTo(9);
    JsonNode derived =
        json(api.get("/v1/erasures/" + ledger.commands().get(1).getId(), ACME_ERASE_KEY));
    assertThat(derived.at("/subject/user").asText()).isEqualTo(ADA);
    assertThat(derived.get("aliases")).isEmpty();
    assertThat(derived.get("rows").asLong()).isEqualTo(3);
  }

  @Test
  void of_an_id_without_links_is_one_command_that_leaves_rows_naming_others_if_it_is_a_lease() {
    for (String id : List.of(NUMBER, "customer-1")) {
      JsonNode receipt = json(api.delete("/v1/users/" + id, ACME_ERASE_KEY));
      assertThat(receipt.get("state").asText()).isEqualTo("DONE");
      assertThat(receipt.get("aliases")).isEmpty();
    }
    assertThat(ledger.commands()).hasSize(2);
    ErasureScope scope = Objects.requireNonNull(ledger.commands().get(0).getScope());
    assertThat(ErasureScopes.covers(scope, null, T)).isTrue();
    assertThat(ErasureScopes.covers(scope, BOB, T)).isFalse();
    assertThat(ledger.commands().get(1).getScope()).isNull();
  }

  @Test
  void leaves_the_rows_of_another_person_who_had_the_number() {
    given(ADA, NUMBER);
    tiers.in30.named("acme", T + 10 * HOUR, BOB, NUMBER);
    tiers.in30.message("acme", "m-bob", NUMBER, T + 11 * HOUR, Status.READ);

    api.delete("/v1/users/" + ADA, ACME_ERASE_KEY);

    assertThat(items(api, "/v1/users/" + ADA + "/timeline")).isEmpty();
    assertThat(items(api, "/v1/users/" + BOB + "/timeline")).hasSize(1);
    assertThat(items(api, "/v1/users/" + NUMBER + "/timeline")).hasSize(1);
    assertThat(items(api, "/v1/messages")).hasSize(1);
    assertThat(api.get("/v1/messages/m-bob", ACME_KEY).statusCode()).isEqualTo(200);
    assertThat(api.get("/v1/messages/m-" + NUMBER, ACME_KEY).statusCode()).isEqualTo(404);
    assertThat(json(api.get("/v1/users/" + NUMBER + "/identity", ACME_KEY)).at("/aliases/1/id"))
        .hasToString("\"" + BOB + "\"");
  }

  @Test
  void of_a_number_that_somebody_else_uses_leaves_the_person_who_left_it() {
    given(NUMBER);
    tiers.in30.moved("acme", T + HOUR, NUMBER, NEW_NUMBER);
    tiers.in30.message("acme", "m-new", NUMBER, T + 2 * HOUR, Status.READ);

    api.delete("/v1/users/" + NUMBER, ACME_ERASE_KEY);

    assertThat(ledger.commands()).hasSize(1);
    assertThat(ledger.commands().get(0).getUsedAt()).isEqualTo(T + 2 * HOUR);
    assertThat(items(api, "/v1/users/" + NUMBER + "/timeline")).isEmpty();
    assertThat(items(api, "/v1/users/" + NEW_NUMBER + "/timeline")).hasSize(2);
  }

  @Test
  void is_running_until_the_other_ids_are_known_and_erased() {
    ledger.setExtending(false);
    given(ADA);

    JsonNode receipt = json(api.delete("/v1/users/" + ADA, ACME_ERASE_KEY));

    String location = "/v1/erasures/" + receipt.get("id").asText();
    Awaitility.await().until(() -> ledger.entries().size() == 2);
    assertThat(state(location)).as("its own rows are erased").isEqualTo("RUNNING");
    Erasure root = ledger.commands().get(0);
    Erasure derived =
        Erasure.newBuilder(root)
            .setId(ErasureIds.derived(root, "customer-1", null))
            .setUserId("customer-1")
            .setRoot(root.getId())
            .build();
    CompletableFuture<Void> gate = eraser30.shut();
    ledger.append(derived).join();
    ledger.append(ExtendingLog.extensionNotice(root, derived.getId())).join();
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(eraser30.calls())
                    .as("applied at once")
                    .extracting(call -> call.command().getUserId())
                    .containsExactly(ADA, "customer-1"));
    JsonNode running = json(api.get(location, ACME_ERASE_KEY));
    assertThat(running.get("state").asText()).isEqualTo("RUNNING");
    assertThat(running.get("awaitedTiers").toString()).isEqualTo("[\"30d\"]");
    assertThat(running.get("aliases")).hasSize(2);

    gate.complete(null);

    Awaitility.await().until(() -> state(location).equals("DONE"));
    assertThat(json(api.get(location, ACME_ERASE_KEY)).get("rows").asLong()).isEqualTo(6);
  }

  @Test
  void whose_receipt_is_no_longer_held_is_found_in_the_ledger_with_all_its_commands() {
    given(ADA, NUMBER);
    JsonNode receipt = json(api.delete("/v1/users/" + ADA, ACME_ERASE_KEY));
    String location = "/v1/erasures/" + receipt.get("id").asText();
    Awaitility.await().until(() -> state(location).equals("DONE"));
    JsonNode before = json(api.get(location, ACME_ERASE_KEY));

    now.set(NOW.plus(QUICK.guardedFor()).plusSeconds(1));
    api.delete("/v1/messages/m-other", ACME_ERASE_KEY);

    assertThat(json(api.get(location, ACME_ERASE_KEY))).isEqualTo(before);
    assertThat(ledger.searches()).isEqualTo(1);
  }

  @Test
  void of_more_ids_than_there_are_permits_is_completed_as_they_become_available() {
    try (TestApi eager = api(takingOverAfter(Duration.ofMillis(50)))) {
      String[] ids = new String[10];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = "customer-" + i;
      }
      given(ids);
      JsonNode receipt = json(eager.delete("/v1/users/customer-3", ACME_ERASE_KEY));
      String path = "/v1/erasures/" + receipt.get("id").asText();
      Awaitility.await()
          .until(() -> json(eager.get(path, ACME_ERASE_KEY)).get("state").asText().equals("DONE"));
      assertThat(json(eager.get(path, ACME_ERASE_KEY)).get("rows").asLong()).isEqualTo(30);
    }
  }

  @Test
  void of_a_number_whose_links_cannot_be_read_is_rejected_and_of_another_id_accepted() {
    GatedReader failing = GatedReader.withoutLinks(tiers.store30);
    try (TestApi other =
        TestApi.erasing(
            all -> all.withErasure(QUICK),
            List.of(new TestStore(TwoTiers.TIER_30D, failing, eraser30), tiers.store15),
            new ErasureBackend(ledger))) {
      for (int i = 0; i < 2 * PENDING_OF_TENANT; i++) {
        HttpResponse<String> rejected = other.delete("/v1/users/" + NUMBER, ACME_ERASE_KEY);
        assertThat(rejected.statusCode()).isEqualTo(503);
        assertThat(rejected.body()).contains("nothing was erased").doesNotContain("10.0.0.8");
      }
      assertThat(ledger.entries()).isEmpty();
      assertThat(other.delete("/v1/users/" + ADA, ACME_ERASE_KEY).statusCode()).isEqualTo(200);
    }
  }

  /** Ids of one person, each with a message of two events. */
  private void given(String... ids) {
    if (ids.length > 1) {
      tiers.in30.named("acme", T, ids);
    }
    for (String id : ids) {
      tiers.in30.message("acme", "m-" + id, id, T, Status.SENT, Status.READ);
    }
  }

  private String state(String location) {
    return json(api.get(location, ACME_ERASE_KEY)).get("state").asText();
  }

  private static JsonNode items(TestApi from, String path) {
    return json(from.get(path, ACME_KEY)).get("items");
  }
}
