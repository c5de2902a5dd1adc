package io.postflight.api.gateway;

import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Tenants take turns with the threads for blocking tasks: a task waits for at most one task of each
 * other tenant per thread, however many these have submitted.
 */
final class TenantTurns {
  /** Tasks of each tenant that has any, the next tenant first. */
  private final Map<String, Queue<Runnable>> waiting = new LinkedHashMap<>();

  /** An executor of tasks of one tenant's request, on the threads for blocking tasks. */
  Executor executor(String tenant, ServiceRequestContext request) {
    // A task may run in the turn of another request.
    Executor threads = request.blockingTaskExecutor().withoutContext();
    return request.makeContextAware((Executor) task -> submit(tenant, task, threads));
  }

  /** Adds a task unless its turn is rejected; no turn is taken in between. */
  private synchronized void submit(String tenant, Runnable task, Executor threads) {
    threads.execute(() -> next().run());
    waiting.computeIfAbsent(tenant, of -> new ArrayDeque<>()).add(task);
  }

  /** There is one: as many are taken as were added. */
  private synchronized Runnable next() {
    Iterator<Map.Entry<String, Queue<Runnable>>> first = waiting.entrySet().iterator();
    Map.Entry<String, Queue<Runnable>> turn = first.next();
    first.remove();
    Runnable task = turn.getValue().remove();
    if (!turn.getValue().isEmpty()) {
      waiting.put(turn.getKey(), turn.getValue());
    }
    return task;
  }
}
