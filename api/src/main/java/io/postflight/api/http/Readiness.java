package io.postflight.api.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code /health/ready}: 200 while the process can do its work, which is while every necessary
 * dependency is available; else 503. Another dependency does not decide it: if one unavailable tier
 * made every gateway unready, a load balancer would remove them all at once, although each accepts
 * webhooks. {@code /health/status} has an entry for each dependency, and is always 200.
 */
public final class Readiness implements HttpService {
  private static final long TIMEOUT_MILLIS = 2_000;

  private final Round necessary;
  private final Round all;
  private volatile boolean stopping;

  /** Creates the checks of dependencies. */
  public Readiness(List<Dependency> dependencies) {
    this.necessary = new Round(dependencies.stream().filter(Dependency::necessary).toList());
    this.all = new Round(List.copyOf(dependencies));
  }

  private record DependencyState(Dependency dependency, boolean ready, String detail) {}

  /** Reports not ready from now on, since the server is stopping. */
  public void stop() {
    stopping = true;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    return HttpResponse.of(
        necessary
            .states()
            .thenApply(
                states -> {
                  boolean ready = ready(states);
                  return JsonBody.response(
                      ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
                      json -> {
                        json.writeStartObject();
                        json.writeBooleanField("ready", ready);
                        json.writeEndObject();
                      });
                }));
  }

  /** For {@code /health/status}. */
  public HttpService status() {
    return (ctx, request) ->
        HttpResponse.of(
            all.states().thenApply(states -> JsonBody.response(HttpStatus.OK, document(states))));
  }

  private JsonBody.Writer document(List<DependencyState> states) {
    return json -> {
      json.writeStartObject();
      json.writeBooleanField("ready", ready(states));
      json.writeBooleanField(
          "healthy", !stopping && states.stream().allMatch(DependencyState::ready));
      json.writeObjectFieldStart("dependencies");
      for (DependencyState state : states) {
        json.writeObjectFieldStart(state.dependency().name());
        json.writeBooleanField("ready", state.ready());
        json.writeBooleanField("necessary", state.dependency().necessary());
        json.writeStringField("detail", state.detail());
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeEndObject();
    };
  }

  private boolean ready(List<DependencyState> states) {
    return !stopping
        && states.stream().allMatch(state -> state.ready() || !state.dependency().necessary());
  }

  /** Concurrent requests share one round of checks, so that frequent requests are cheap. */
  private static final class Round {
    private final List<Dependency> dependencies;
    private @Nullable CompletableFuture<List<DependencyState>> running;

    Round(List<Dependency> dependencies) {
      this.dependencies = dependencies;
    }

    synchronized CompletableFuture<List<DependencyState>> states() {
      CompletableFuture<List<DependencyState>> shared = running;
      if (shared != null && !shared.isDone()) {
        return shared;
      }
      List<CompletableFuture<DependencyState>> states = new ArrayList<>();
      for (Dependency each : dependencies) {
        states.add(check(each));
      }
      CompletableFuture<List<DependencyState>> round =
          CompletableFuture.allOf(states.toArray(CompletableFuture[]::new))
              .thenApply(done -> states.stream().map(CompletableFuture::join).toList());
      running = round;
      return round;
    }

    private static CompletableFuture<DependencyState> check(Dependency dependency) {
      CompletionStage<?> check;
      try {
        check = dependency.check().get();
      } catch (RuntimeException failure) {
        check = CompletableFuture.failedFuture(failure);
      }
      // A separate future: Kafka's cannot be completed by a timeout.
      CompletableFuture<DependencyState> state = new CompletableFuture<>();
      check.whenComplete((done, failure) -> state.complete(state(dependency, failure)));
      return state.completeOnTimeout(
          state(dependency, new TimeoutException()), TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Only the kind of failure, since its message may contain host names. */
    private static DependencyState state(Dependency dependency, @Nullable Throwable failure) {
      return new DependencyState(
          dependency,
          failure == null,
          failure == null
              ? "ok"
              : failure instanceof TimeoutException ? "timed out" : "is unavailable");
    }
  }
}
