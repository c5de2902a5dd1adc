package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.store.EventReader;
import io.postflight.store.memory.InMemoryEventStore;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows whose JSON is several times as large as they are: each character is escaped. */
final class LargePagesTest {
  private static final int EVENTS = 30;
  private static final String ESCAPED = "\u0001".repeat(60 << 10);

  private final TestApi api = api();

  private static TestApi api() {
    InMemoryEventStore store =
        new InMemoryEventStore(TwoTiers.TIER_30D, InstantSource.fixed(TestApi.NOW));
    Given given = new Given(store, TwoTiers.TIER_30D);
    for (int i = 0; i < EVENTS; i++) {
      given.action(
          Given.action(
              "acme",
              "u",
              "type-" + i,
              TestApi.NOW.toEpochMilli() - 60_000 - i,
              Map.of("text", ESCAPED)));
    }
    return TestApi.reading(store);
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void a_page_ends_where_its_json_is_large_and_the_next_one_continues() {
    List<String> types = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      HttpResponse<String> response = api.get("/v1/users/u/timeline?limit=1000" + cursor, ACME_KEY);
      assertThat(response.body().length()).isLessThan((int) EventReader.MAX_BYTES + (512 << 10));
      JsonNode page = json(response);
      page.path("items").forEach(item -> types.add(item.path("type").asText()));
      assertThat(page.path("partial").asBoolean()).isEqualTo(page.path("nextCursor").isTextual());
      cursor =
          page.path("nextCursor").isTextual()
              ? "&cursor=" + page.path("nextCursor").asText()
              : null;
    }

    assertThat(types).hasSize(EVENTS).doesNotHaveDuplicates();
  }

  @Test
  void last_events_whose_json_is_large_are_read_one_by_one() {
    assertThat(api.get("/v1/users/u/last", ACME_KEY).statusCode()).isEqualTo(400);
    assertThat(json(api.get("/v1/users/u/last?type=type-7", ACME_KEY)).path("items")).hasSize(1);
  }
}
