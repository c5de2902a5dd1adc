package io.postflight.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;

final class TenantTurnsTest {
  @Test
  void a_task_waits_for_one_of_each_other_tenant_however_many_they_have() {
    Queue<Runnable> threads = new ArrayDeque<>();
    List<String> done = new ArrayList<>();
    TenantTurns turns = new TenantTurns();
    for (int i = 0; i < 4; i++) {
      turns.executor("acme", request(threads::add)).execute(() -> done.add("acme"));
    }
    threads.remove().run();
    turns.executor("globex", request(threads::add)).execute(() -> done.add("globex"));
    turns.executor("hooli", request(threads::add)).execute(() -> done.add("hooli"));
    turns.executor("globex", request(threads::add)).execute(() -> done.add("globex"));

    threads.forEach(Runnable::run);

    assertThat(done).containsExactly("acme", "acme", "globex", "hooli", "acme", "globex", "acme");
  }

  @Test
  void a_task_runs_in_the_context_of_its_own_request() {
    Queue<Runnable> threads = new ArrayDeque<>();
    TenantTurns turns = new TenantTurns();
    List<ServiceRequestContext> requests = new ArrayList<>();
    List<ServiceRequestContext> current = new ArrayList<>();
    for (String tenant : List.of("acme", "acme", "globex")) {
      ServiceRequestContext request = request(threads::add);
      requests.add(request);
      turns.executor(tenant, request).execute(() -> current.add(ServiceRequestContext.current()));
    }

    threads.forEach(Runnable::run);

    assertThat(current).containsExactly(requests.get(0), requests.get(2), requests.get(1));
  }

  @Test
  void a_rejected_task_does_not_run_later() {
    TenantTurns turns = new TenantTurns();
    ServiceRequestContext rejecting =
        request(
            task -> {
              throw new RejectedExecutionException();
            });
    List<String> done = new ArrayList<>();
    Queue<Runnable> threads = new ArrayDeque<>();

    assertThatThrownBy(() -> turns.executor("acme", rejecting).execute(() -> done.add("rejected")))
        .isInstanceOf(RejectedExecutionException.class);
    turns.executor("acme", request(threads::add)).execute(() -> done.add("accepted"));
    threads.forEach(Runnable::run);

    assertThat(done).containsExactly("accepted");
  }

  /** A request whose blocking tasks run so. */
  private static ServiceRequestContext request(Executor threads) {
    ScheduledThreadPoolExecutor blocking =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          public void execute(Runnable task) {
            threads.execute(task);
          }
        };
    return ServiceRequestContext.builder(HttpRequest.of(HttpMethod.GET, "/"))
        .serverConfigurator(server -> server.blockingTaskExecutor(blocking, true))
        .build();
  }
}
