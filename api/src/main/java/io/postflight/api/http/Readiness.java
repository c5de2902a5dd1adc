package io.postflight.api.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@code /health/ready}: one entry per dependency; 503 while one of them is away. */
public final class Readiness implements HttpService {
  private static final long PATIENCE_MILLIS = 2_000;

  private final List<Dependency> dependencies;
  private volatile boolean stopping;
  private @Nullable CompletableFuture<List<State>> asking;

  /** Over these dependencies. */
  public Readiness(List<Dependency> dependencies) {
    this.dependencies = List.copyOf(dependencies);
  }

  private record State(String name, boolean ready, String detail) {}

  /** From now on not ready: the server is being stopped. */
  public void stop() {
    stopping = true;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    return HttpResponse.of(ask().thenApply(this::page));
  }

  /** Askers that come together share one round, so that asking often costs nothing. */
  private synchronized CompletableFuture<List<State>> ask() {
    CompletableFuture<List<State>> running = asking;
    if (running != null && !running.isDone()) {
      return running;
    }
    List<CompletableFuture<State>> states = new ArrayList<>();
    for (Dependency each : dependencies) {
      states.add(ask(each));
    }
    CompletableFuture<List<State>> all =
        CompletableFuture.allOf(states.toArray(CompletableFuture[]::new))
            .thenApply(done -> states.stream().map(CompletableFuture::join).toList());
    asking = all;
    return all;
  }

  private static CompletableFuture<State> ask(Dependency dependency) {
    CompletionStage<?> check;
    try {
      check = dependency.check().get();
    } catch (RuntimeException failure) {
      check = CompletableFuture.failedFuture(failure);
    }
    // A future of our own: Kafka's cannot be completed by others, not even by a time-out.
    CompletableFuture<State> state = new CompletableFuture<>();
    check.whenComplete((done, failure) -> state.complete(state(dependency, failure)));
    return state.completeOnTimeout(
        state(dependency, new TimeoutException()), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Only the kind of failure: its message may name hosts. */
  private static State state(Dependency dependency, @Nullable Throwable failure) {
    return new State(
        dependency.name(),
        failure == null,
        failure == null
            ? "ok"
            : failure instanceof TimeoutException ? "does not answer in time" : "is away");
  }

  private HttpResponse page(List<State> states) {
    boolean ready = !stopping && states.stream().allMatch(State::ready);
    byte[] body =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeBooleanField("ready", ready);
              json.writeObjectFieldStart("dependencies");
              for (State state : states) {
                json.writeObjectFieldStart(state.name());
                json.writeBooleanField("ready", state.ready());
                json.writeStringField("detail", state.detail());
                json.writeEndObject();
              }
              json.writeEndObject();
              json.writeEndObject();
            });
    return HttpResponse.of(
        ResponseHeaders.builder(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
            .contentType(MediaType.JSON_UTF_8)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
            .build(),
        HttpData.wrap(body));
  }
}
