package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.MOVER_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.json;
import static io.postflight.api.TwoTiers.TIER_15D;
import static io.postflight.api.TwoTiers.TIER_30D;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.api.http.HttpLimits;
import io.postflight.schema.event.Status;
import io.postflight.store.EventReader;
import io.postflight.store.LatestEvents;
import io.postflight.store.LatestQuery;
import io.postflight.store.Page;
import io.postflight.store.Position;
import io.postflight.store.StoreException;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import io.postflight.store.memory.InMemoryEventStore;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Stores that are slow, unavailable or failing. */
final class SlowStoreTest {
  private static final long T = NOW.toEpochMilli() - 3_600_000;

  private final InMemoryEventStore store =
      new InMemoryEventStore(TIER_30D, InstantSource.fixed(NOW));
  private final GatedReader slow = new GatedReader(store);

  @Test
  void concurrent_equal_reads_are_one_read_of_the_store() {
    new Given(store, TIER_30D).message("acme", "m-1", "u-1", T, Status.SENT);
    try (TestApi api = TestApi.reading(TestStore.reading(TIER_30D, slow))) {
      List<CompletableFuture<HttpResponse<String>>> answers =
          IntStream.range(0, 20)
              .mapToObj(
                  i ->
                      api.sendAsync(
                          api.request("/v1/messages/m-1")
                              .header("Authorization", "Bearer " + ACME_KEY)))
              .toList();
      Awaitility.await()
          .until(
              () ->
                  api.registry
                          .counter("postflight.reads", "query", "message", "coalesced", "true")
                          .count()
                      == 19);
      slow.gate.complete(null);

      assertThat(answers)
          .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
      assertThat(slow.reads).hasValue(1);
      api.get("/v1/messages/m-1", ACME_KEY);
      assertThat(slow.reads).as("nothing is kept").hasValue(2);
    }
  }

  @Test
  void shutdown_lets_requests_in_flight_finish() {
    TestApi api = TestApi.reading(TestStore.reading(TIER_30D, slow));
    CompletableFuture<HttpResponse<String>> running =
        api.sendAsync(
            api.request("/v1/users/u-1/timeline").header("Authorization", "Bearer " + ACME_KEY));
    Awaitility.await().until(() -> slow.reads.get() == 1);

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(api::close);
    assertThat(stopped).isNotDone();
    slow.gate.complete(null);

    assertThat(running)
        .succeedsWithin(Duration.ofSeconds(5))
        .returns(200, HttpResponse::statusCode);
    assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void an_unavailable_store_is_503_and_not_ready() {
    slow.gate.completeExceptionally(
        new StoreException(StoreException.Kind.TRANSIENT, "node 10.0.0.7 is down"));
    try (TestApi api = TestApi.reading(TestStore.reading(TIER_30D, slow))) {
      for (String path :
          List.of("/v1/messages/m", "/v1/messages", "/v1/users/u/last", "/v1/users/u/timeline")) {
        HttpResponse<String> response = api.get(path, ACME_KEY);
        assertThat(response.statusCode()).as(path).isEqualTo(503);
        assertThat(response.headers().firstValue("retry-after")).isPresent();
        assertThat(response.body()).contains("30d").doesNotContain("10.0.0.7");
      }
      HttpResponse<String> status = api.get("/health/status", TestApi.OPERATOR_KEY);
      assertThat(json(status).at("/dependencies/store.30d/ready").asBoolean()).isFalse();
      assertThat(json(status).get("healthy").asBoolean()).isFalse();
      assertThat(status.body()).doesNotContain("10.0.0.7");
      assertThat(api.get("/health/ready").statusCode())
          .as("webhooks are accepted without the tier")
          .isEqualTo(200);
      assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_message_of_one_tier_is_returned_while_another_is_unavailable() {
    new Given(store, TIER_30D).message("mover", "m-1", "u-1", T, Status.SENT);
    slow.gate.completeExceptionally(new StoreException(StoreException.Kind.TRANSIENT, "down"));
    try (TestApi api = TestApi.reading(store, TestStore.reading(TIER_15D, slow))) {
      assertThat(api.get("/v1/messages/m-1", MOVER_KEY).statusCode()).isEqualTo(200);
      assertThat(api.get("/v1/messages/m-2", MOVER_KEY).statusCode())
          .as("it may be in the unavailable tier")
          .isEqualTo(503);
      assertThat(api.get("/v1/users/u-1/timeline", MOVER_KEY).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void a_last_event_whose_search_was_not_finished_is_503() {
    EventReader failing =
        new GatedReader(store) {
          @Override
          public CompletionStage<Page<TimelineItem>> timeline(TimelineQuery query) {
            return query.page().after() == null
                ? CompletableFuture.completedFuture(
                    new Page<>(List.of(), new Position(T, ""), true))
                : CompletableFuture.failedFuture(
                    new StoreException(StoreException.Kind.TRANSIENT, "down"));
          }

          @Override
          public CompletionStage<LatestEvents> latest(LatestQuery query) {
            return CompletableFuture.completedFuture(
                new LatestEvents(List.of(), List.of("viewed")));
          }
        };
    try (TestApi api = TestApi.reading(TestStore.reading(TIER_30D, failing))) {
      assertThat(api.get("/v1/users/u-1/last?type=viewed", ACME_KEY).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void an_internal_error_is_500_and_discloses_nothing() {
    slow.gate.completeExceptionally(
        new StoreException(StoreException.Kind.INVALID, "unknown column secret_name"));
    try (TestApi api = TestApi.reading(TestStore.reading(TIER_30D, slow))) {
      HttpResponse<String> response = api.get("/v1/users/u/last", ACME_KEY);

      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.headers().firstValue("content-type"))
          .hasValue("application/problem+json");
      assertThat(response.body()).doesNotContain("secret_name").doesNotContain("Exception");
    }
  }

  @Test
  void last_events_too_large_for_one_answer_are_400() {
    slow.gate.completeExceptionally(StoreException.tooLarge("the rows have 5 MiB"));
    try (TestApi api = TestApi.reading(TestStore.reading(TIER_30D, slow))) {
      HttpResponse<String> response = api.get("/v1/users/u/last", ACME_KEY);

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("'type'");
    }
  }

  @Test
  void a_response_that_takes_too_long_is_503() {
    try (TestApi api =
        TestApi.reading(
            settings ->
                settings.withLimits(
                    HttpLimits.of(Map.of("requestTimeout", "300ms", "shutdownTimeout", "100ms"))),
            TestStore.reading(TIER_30D, slow))) {
      assertThat(api.get("/v1/users/u/last", ACME_KEY).statusCode()).isEqualTo(503);
    }
  }
}
