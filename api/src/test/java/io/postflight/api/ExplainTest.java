package io.postflight.api;

import static io.postflight.api.TestApi.ACME_ERASE_KEY;
import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.GLOBEX_KEY;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.api.explain.EventLog;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** {@code GET /v1/messages/{id}/explain}: facts, and what became of each event. */
class ExplainTest {
  private static final long T = TestApi.NOW.minusSeconds(3_600).toEpochMilli();

  private final TwoTiers tiers = new TwoTiers();
  @AutoClose private final TestApi api = TestApi.reading(tiers);

  @Test
  void each_fact_names_its_event_and_each_delivery_its_outcome() {
    tiers.in30.message("acme", "m-1", "u-1", T, Status.SENT, Status.DELIVERED);
    MessageEvent sent = Given.event("acme", "m-1", "u-1", Status.SENT, T);
    MessageEvent delivered = Given.event("acme", "m-1", "u-1", Status.DELIVERED, T + 60_000);
    MessageEvent later = Given.event("acme", "m-1", "u-1", Status.DELIVERED, T + 90_000);
    api.log =
        (tenant, message, since) ->
            CompletableFuture.completedFuture(
                new EventLog.Deliveries(List.of(delivered, sent, delivered, later), true));

    JsonNode explained = json(api.get("/v1/messages/m-1/explain", ACME_KEY));

    assertThat(explained.at("/message/status").asText()).isEqualTo("DELIVERED");
    assertThat(explained.get("eventsComplete").asBoolean()).isTrue();
    assertThat(tuples(explained.get("facts"), "fact", "event"))
        .contains(
            tuple("status.SENT", sent.getEventId()),
            tuple("status.DELIVERED", delivered.getEventId()),
            tuple("userId", sent.getEventId()),
            tuple("attributes.conversationId", sent.getEventId()),
            tuple("price", sent.getEventId()));
    assertThat(tuples(explained.get("events"), "eventId", "outcome"))
        .containsExactly(
            tuple(delivered.getEventId(), "APPLIED"),
            tuple(sent.getEventId(), "APPLIED"),
            tuple(delivered.getEventId(), "DUPLICATE"),
            tuple(later.getEventId(), "SUPERSEDED"));
    assertThat(explained.at("/events/3/detail").asText()).contains(delivered.getEventId());
    assertThat(json(api.get("/v1/message/explain?id=m-1", ACME_KEY))).isEqualTo(explained);
  }

  @Test
  void events_that_kafka_has_no_more_are_those_of_the_timeline() {
    tiers.in30.message("acme", "m-2", "u-2", T, Status.SENT, Status.DELIVERED);
    tiers.in30.message("acme", "m-3", "u-2", T, Status.SENT);
    api.log =
        (tenant, message, since) -> CompletableFuture.failedFuture(new TimeoutException("late"));

    JsonNode explained = json(api.get("/v1/messages/m-2/explain", ACME_KEY));

    assertThat(explained.get("eventsComplete").asBoolean()).isFalse();
    assertThat(tuples(explained.get("events"), "status", "outcome"))
        .containsExactly(tuple("SENT", "APPLIED"), tuple("DELIVERED", "APPLIED"));
    assertThat(explained.at("/events/0").has("receivedAt")).isFalse();
  }

  @Test
  void no_message_of_another_tenant_and_no_erased_one_is_explained() {
    tiers.in30.message("acme", "m-4", "u-4", T, Status.SENT);

    assertThat(api.get("/v1/messages/m-4/explain", GLOBEX_KEY).statusCode()).isEqualTo(404);
    api.delete("/v1/messages/m-4", ACME_ERASE_KEY);
    assertThat(api.get("/v1/messages/m-4/explain", ACME_KEY).statusCode()).isEqualTo(404);
  }

  @Test
  void a_tenant_has_four_explanations_at_a_time() {
    tiers.in30.message("acme", "m-5", "u-5", T, Status.SENT);
    CompletableFuture<EventLog.Deliveries> gate = new CompletableFuture<>();
    api.log = (tenant, message, since) -> gate;
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      answers.add(
          api.sendAsync(
              api.request("/v1/messages/m-5/explain")
                  .header("Authorization", "Bearer " + ACME_KEY)));
    }

    assertThat(CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new)).join())
        .extracting(answer -> ((HttpResponse<?>) answer).statusCode())
        .isEqualTo(429);
    gate.complete(new EventLog.Deliveries(List.of(), true));
    assertThat(answers.stream().map(each -> each.join().statusCode()))
        .containsOnlyOnce(429)
        .contains(200);
  }

  private static List<Tuple> tuples(JsonNode items, String first, String second) {
    List<Tuple> tuples = new ArrayList<>();
    items.forEach(each -> tuples.add(tuple(each.path(first).asText(), each.path(second).asText())));
    return tuples;
  }
}
