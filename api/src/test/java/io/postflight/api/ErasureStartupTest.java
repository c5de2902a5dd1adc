package io.postflight.api;

import static io.postflight.api.TestApi.ACME_ERASE_KEY;
import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.GLOBEX_KEY;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.api.erasure.ErasureBackend;
import io.postflight.schema.recovery.Recoveries;
import io.postflight.schema.recovery.RecoveryPhase;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Erasures and reads before the ledger is loaded, and of a tier in recovery. */
final class ErasureStartupTest {
  private final TwoTiers tiers = new TwoTiers();
  private final ScriptedEraser eraser30 = new ScriptedEraser(3);
  private final ScriptedEraser eraser15 = new ScriptedEraser(4);
  private final InMemoryCommandLog ledger = new InMemoryCommandLog();

  @Test
  void reads_are_503_until_the_ledger_is_loaded() {
    InMemoryCommandLog slow = new InMemoryCommandLog();
    slow.loading = new CompletableFuture<>();
    try (TestApi starting =
        TestApi.erasing(
            all -> all,
            List.of(TestStore.erasing(tiers.store30, eraser30)),
            new ErasureBackend(slow))) {
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
  void a_tier_in_recovery_is_not_read_and_erasures_of_users_are_deferred() {
    Map<String, RecoveryPhase> phases = new ConcurrentHashMap<>();
    phases.put("30d", RecoveryPhase.LOADING);
    try (TestApi recovering =
        TestApi.erasing(
            all -> all.withErasure(ErasureFixture.takingOverAfter(Duration.ofMillis(20))),
            tiers.erasing(eraser30, eraser15),
            new ErasureBackend(ledger, recoveries(phases)))) {
      HttpResponse<String> read = recovering.get("/v1/messages/m", ACME_KEY);
      assertThat(read.statusCode()).isEqualTo(503);
      assertThat(read.body()).contains("30d", "recovery");
      assertThat(recovering.get("/v1/messages", GLOBEX_KEY).statusCode()).isEqualTo(200);

      // More than the limit of pending commands: deferred ones do not count.
      List<String> locations = new ArrayList<>();
      for (int i = 0; i < ErasureFixture.QUICK.maxPending() + 2; i++) {
        HttpResponse<String> response = recovering.delete("/v1/users/u-" + i, ACME_ERASE_KEY);
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response).get("state").asText()).isEqualTo("WAITING");
        assertThat(json(response).path("awaitedTiers").path(0).asText()).isEqualTo("30d");
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
}
