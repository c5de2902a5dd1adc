package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.MOVER_KEY;
import static io.postflight.api.TestApi.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Status;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Reads that wait for a message. */
final class WaitingReadsTest {
  private static final long T = NOW.toEpochMilli() - 36_000_000;
  private static final TwoTiers TIERS = new TwoTiers();
  private static final Given IN_30D = TIERS.in30;
  @AutoClose private static final TestApi API = TestApi.reading(TIERS);

  @Test
  void a_wait_is_held_until_the_message_exists() {
    CompletableFuture<HttpResponse<String>> held =
        API.sendAsync(
            API.request("/v1/messages/m-later?wait=20s")
                .header("Authorization", "Bearer " + ACME_KEY));
    assertThat(API.get("/v1/messages/m-later", ACME_KEY).statusCode()).isEqualTo(404);
    assertThat(held).isNotDone();

    IN_30D.message("acme", "m-later", "u-1", T, Status.SENT);

    assertThat(held).succeedsWithin(Duration.ofSeconds(5)).returns(200, HttpResponse::statusCode);
  }

  @Test
  void a_wait_that_is_over_is_404() {
    assertThat(API.get("/v1/messages/m-never?wait=50ms", ACME_KEY).statusCode()).isEqualTo(404);
  }

  @Test
  void waits_are_limited_per_tenant_and_in_total() {
    UnaryOperator<ApiSettings> few =
        settings -> settings.withQuery(settings.query().withMaxWaits(3, 2));
    TestApi api = TestApi.reading(few, TIERS);
    List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
    for (String key : List.of(ACME_KEY, ACME_KEY, MOVER_KEY)) {
      held.add(
          api.sendAsync(
              api.request("/v1/messages/m-never?wait=30s")
                  .header("Authorization", "Bearer " + key)));
    }
    Awaitility.await()
        .untilAsserted(
            () -> {
              HttpResponse<String> tooMany = api.get("/v1/messages/m-never?wait=1ms", ACME_KEY);
              assertThat(tooMany.statusCode()).isEqualTo(429);
              assertThat(tooMany.headers().firstValue("retry-after")).isPresent();
              assertThat(api.get("/v1/messages/m-never?wait=1ms", MOVER_KEY).statusCode())
                  .isEqualTo(503);
            });
    assertThat(api.get("/v1/messages/m-never", ACME_KEY).statusCode()).isEqualTo(404);

    api.close();
    assertThat(held).allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(503));
  }

  @Test
  void shutdown_ends_waits() {
    TestApi other = TestApi.reading(TIERS.store30);
    CompletableFuture<HttpResponse<String>> held =
        other.sendAsync(
            other
                .request("/v1/messages/m-never?wait=30s")
                .header("Authorization", "Bearer " + ACME_KEY));
    assertThat(other.get("/v1/messages/m-never", ACME_KEY).statusCode()).isEqualTo(404);

    long start = System.nanoTime();
    other.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(held).isDone();
  }
}
