package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.GLOBEX_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TwoTiers.TIER_15D;
import static io.postflight.api.TwoTiers.TIER_30D;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.junit.RawHttp2Client;
import io.postflight.store.memory.InMemoryEventStore;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shares of concurrent reads, with a tier that does not respond. */
final class ReadLimitsTest {
  private static final int READS_OF_TENANT = 500;
  private static final int PAGES_OF_TENANT = 6;
  private static final int PAGES_OF_CONNECTION = 1;
  private static final int WINDOW = 1 << 20;

  private final GatedReader slow =
      new GatedReader(new InMemoryEventStore(TIER_30D, InstantSource.fixed(NOW)));
  private final TestApi api =
      TestApi.reading(
          TestStore.reading(TIER_30D, slow),
          new InMemoryEventStore(TIER_15D, InstantSource.fixed(NOW)));
  private final List<RawHttp2Client> clients = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    slow.gate.complete(null);
    for (RawHttp2Client each : clients) {
      each.close();
    }
    api.close();
  }

  @Test
  void a_tenant_has_half_of_the_reads() throws IOException {
    for (int connection = 0; connection * 100 < READS_OF_TENANT; connection++) {
      get(connect(), 100, "/v1/messages/m-" + connection + "-");
    }
    Awaitility.await().until(() -> slow.reads.get() == READS_OF_TENANT);

    HttpResponse<String> tooMany = api.get("/v1/messages/m-1", ACME_KEY);

    assertThat(tooMany.statusCode()).isEqualTo(429);
    assertThat(tooMany.headers().firstValue("retry-after")).isPresent();
    assertThat(api.get("/v1/messages/m-0-1", ACME_KEY).statusCode())
        .as("an equal read is in progress")
        .isEqualTo(429);
    assertThat(api.get("/v1/messages/m-1", GLOBEX_KEY).statusCode()).isEqualTo(404);
    slow.gate.complete(null);
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(api.get("/v1/messages/m-1", ACME_KEY).statusCode()).isEqualTo(404));
  }

  @Test
  void pages_beyond_the_share_of_a_connection_or_tenant_are_read_later() throws IOException {
    RawHttp2Client first = connect();
    get(first, 20, "/v1/users/u/timeline?limit=1000&until=");
    Awaitility.await().until(() -> slow.reads.get() == PAGES_OF_CONNECTION);
    for (int i = 1; i < 6; i++) {
      get(connect(), 20, "/v1/users/u-" + i + "/timeline?until=");
    }
    Awaitility.await().until(() -> slow.reads.get() == PAGES_OF_TENANT);

    assertThat(api.get("/v1/users/u/timeline", GLOBEX_KEY).statusCode()).isEqualTo(200);
    CompletableFuture<HttpResponse<String>> message =
        api.sendAsync(
            api.request("/v1/messages/m-1").header("Authorization", "Bearer " + ACME_KEY));
    Awaitility.await().until(() -> slow.reads.get() == PAGES_OF_TENANT + 1);
    slow.gate.complete(null);

    assertThat(message.join().statusCode()).isEqualTo(404);
    Awaitility.await().until(() -> slow.reads.get() == 6 * 20 + 1);
    for (int i = 0; i < 20; i++) {
      assertThat(first.await(RawHttp2Client.HEADERS).payload().get(0))
          .as(":status: 200 in HPACK")
          .isEqualTo((byte) 0x88);
    }
  }

  private RawHttp2Client connect() throws IOException {
    RawHttp2Client client = new RawHttp2Client(api.server.port(), WINDOW);
    clients.add(client);
    return client;
  }

  private static void get(RawHttp2Client client, int number, String prefix) throws IOException {
    for (int i = 1; i <= number; i++) {
      client.request("GET", prefix + i, true, Map.of("authorization", "Bearer " + ACME_KEY));
    }
    client.flush();
  }
}
