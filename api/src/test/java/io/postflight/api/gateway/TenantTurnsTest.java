package io.postflight.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class TenantTurnsTest {
  @Test
  void a_task_waits_for_one_of_each_other_tenant_however_many_they_have() {
    Queue<Runnable> threads = new ArrayDeque<>();
    List<String> done = new ArrayList<>();
    TenantTurns turns = new TenantTurns();
    for (int i = 0; i < 4; i++) {
      turns.executor("acme", threads::add).execute(() -> done.add("acme"));
    }
    threads.remove().run();
    turns.executor("globex", threads::add).execute(() -> done.add("globex"));
    turns.executor("hooli", threads::add).execute(() -> done.add("hooli"));
    turns.executor("globex", threads::add).execute(() -> done.add("globex"));

    threads.forEach(Runnable::run);

    assertThat(done).containsExactly("acme", "acme", "globex", "hooli", "acme", "globex", "acme");
  }
}
