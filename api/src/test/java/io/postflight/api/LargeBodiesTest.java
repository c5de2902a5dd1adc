package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.api.gateway.EventValidator;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A body of many small events becomes many times its size while it is validated. */
final class LargeBodiesTest {
  private static final int BYTES = 130 << 10;

  private final AtomicInteger inProgress = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final CountDownLatch finish = new CountDownLatch(1);

  @Test
  void only_a_few_are_validated_at_a_time() {
    int sent = ApiServer.maxLargeBodies() + 3;
    try (TestApi api = TestApi.validating(this::validate)) {
      List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
      for (int i = 0; i < sent; i++) {
        responses.add(
            api.sendAsync(
                api.request("/v1/events")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[BYTES]))
                    .header("Authorization", "Bearer " + ACME_KEY)));
      }
      Awaitility.await()
          .until(
              () ->
                  inProgress.get() >= ApiServer.maxLargeBodies()
                      && api.registry.get("postflight.gateway.buffered.bytes").gauge().value()
                          >= (double) sent * BYTES);
      finish.countDown();

      assertThat(responses).allMatch(response -> response.join().statusCode() == 202);
    }
    assertThat(most).hasValue(ApiServer.maxLargeBodies());
  }

  private List<EventValidator.Validation> validate(String tenant, byte[] body) {
    most.accumulateAndGet(inProgress.incrementAndGet(), Math::max);
    try {
      finish.await();
      return List.of(new EventValidator.Validation.ValidEvent("e-1", false));
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    } finally {
      inProgress.decrementAndGet();
    }
  }
}
