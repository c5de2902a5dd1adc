package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DerivedCommandsTest {
  private final List<String> events = new ArrayList<>();
  private final List<CompletableFuture<Long>> requests = new ArrayList<>();
  private final DerivedCommands commands =
      new DerivedCommands(
          new ErasureReplay(this::erase, Duration.ofSeconds(30)), () -> events.add("drained"));

  @Test
  void commands_are_applied_together_after_one_drain() throws Exception {
    for (String message : List.of("m-1", "m-2", "m-3")) {
      commands.add(command(message), () -> events.add("done " + message));
    }
    assertThat(events).as("nothing is applied yet").isEmpty();

    commands.apply();

    assertThat(events)
        .containsExactly(
            "drained", "erase m-1", "erase m-2", "erase m-3", "done m-1", "done m-2", "done m-3");
    commands.apply();
    assertThat(events).as("nothing is left").hasSize(7);
  }

  /** Completes only once three are in progress. */
  private CompletionStage<Long> erase(Erasure command, long micros) {
    events.add("erase " + command.getMessageId());
    requests.add(new CompletableFuture<>());
    if (requests.size() == 3) {
      requests.forEach(request -> request.complete(1L));
    }
    return requests.get(requests.size() - 1);
  }

  private static Erasure command(String message) {
    return Erasure.newBuilder()
        .setId("id-" + message)
        .setTenant("acme")
        .setMessageId(message)
        .setUserId(null)
        .setFields(List.of())
        .setAt(1)
        .build();
  }
}
