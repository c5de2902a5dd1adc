package io.postflight.api.gateway;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Tenants take turns with the threads of an executor: a task waits for at most one task of each
 * other tenant per thread, however many these have submitted.
 */
final class TenantTurns {
  /** Tasks of each tenant that has any, the next tenant first. */
  private final Map<String, Queue<Runnable>> waiting = new LinkedHashMap<>();

  /** An executor of tasks of one tenant. */
  Executor executor(String tenant, Executor threads) {
    return task -> {
      add(tenant, task);
      threads.execute(() -> next().run());
    };
  }

  private synchronized void add(String tenant, Runnable task) {
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
