package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.encoded;
import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.event.Status;
import io.postflight.store.Tier;
import io.postflight.store.cql.ClusterSettings;
import io.postflight.store.cql.CqlEventStore;
import io.postflight.store.cql.CqlSchema;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queries over a real CQL server. */
final class CassandraTest {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final long DAY = 86_400_000;

  @Test
  void messages_timelines_and_listings_are_read_from_a_real_server() throws InterruptedException {
    EmbeddedCassandra cassandra = SharedServers.cassandra();
    ClusterSettings cluster =
        ClusterSettings.singleNode(
            cassandra.host(),
            cassandra.port(),
            cassandra.datacenter(),
            SharedServers.uniqueName("api"));
    CqlSchema.create(TIER, cluster);
    try (CqlEventStore store = CqlEventStore.open(TIER, cluster, InstantSource.fixed(NOW));
        TestApi api = TestApi.reading(store)) {
      assertThat(store.awaitReady(Duration.ofSeconds(30))).isTrue();
      Given given = new Given(store, TIER);
      String id = "wamid.A/b+c==|%";
      for (int day = 1; day <= 4; day++) {
        given.message(
            "acme", id + day, "u/1", NOW.toEpochMilli() - day * DAY, Status.SENT, Status.READ);
      }

      JsonNode message = json(api.get("/v1/messages/" + encoded(id + "1"), ACME_KEY));
      assertThat(message.get("status").asText()).isEqualTo("READ");
      assertThat(message.get("recipient").asText()).isEqualTo("recipient-1");
      assertThat(message.at("/price/currency").asText()).isEqualTo("EUR");
      assertThat(paged(api, "/v1/users/u%2F1/timeline?type=message.*&limit=3"))
          .containsExactly(id + 1, id + 1, id + 2, id + 2, id + 3, id + 3, id + 4, id + 4);
      assertThat(paged(api, "/v1/messages?status=read&limit=3&order=asc&since=10d"))
          .containsExactly(id + 4, id + 3, id + 2, id + 1);
      assertThat(json(api.get("/v1/users/u%2F1/last", ACME_KEY)).get("items")).hasSize(2);
      assertThat(api.get("/v1/messages/none", ACME_KEY).statusCode()).isEqualTo(404);
      assertThat(json(api.get("/health/status", TestApi.OPERATOR_KEY)).get("healthy").asBoolean())
          .isTrue();
    }
  }

  private static List<String> paged(TestApi api, String path) {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = json(api.get(path + cursor, ACME_KEY));
      page.get("items").forEach(item -> ids.add(item.get("messageId").asText()));
      cursor =
          page.get("nextCursor").isNull() ? null : "&cursor=" + page.get("nextCursor").asText();
    } while (cursor != null);
    return ids;
  }
}
