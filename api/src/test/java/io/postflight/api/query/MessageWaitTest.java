package io.postflight.api.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Problem;
import io.postflight.schema.message.MessageRevision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class MessageWaitTest {
  private final ServiceRequestContext ctx =
      ServiceRequestContext.of(HttpRequest.of(HttpMethod.GET, "/"));
  private final MessageWait waiting = new MessageWait(1, 1);

  @Test
  void a_rejected_read_releases_its_slot() {
    CompletableFuture<Optional<MessageRevision>> refused =
        until(
            () -> {
              throw Problem.unavailable("the ledger is not read yet");
            });

    assertThat(refused)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(Problem.class)
        .withMessageContaining("the ledger is not read yet");
    assertThat(until(() -> CompletableFuture.completedFuture(Optional.empty())))
        .isCompletedWithValue(Optional.empty());
  }

  private CompletableFuture<Optional<MessageRevision>> until(
      Supplier<CompletableFuture<Optional<MessageRevision>>> read) {
    return waiting.until(ctx, "acme", Duration.ZERO, read);
  }
}
