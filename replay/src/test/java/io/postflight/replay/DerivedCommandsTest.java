package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class DerivedCommandsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final List<String> events = new ArrayList<>();
  private final List<CompletableFuture<Long>> requests = new ArrayList<>();
  private int concurrent = 1;
  private final DerivedCommands commands =
      new DerivedCommands(new ErasureReplay(this::erase, TIMEOUT));

  @Test
  void commands_are_applied_together_once_the_rows_of_earlier_records_are_written()
      throws Exception {
    concurrent = 3;
    Runnable first = commands.begin();
    Runnable second = commands.begin();
    for (String message : List.of("m-1", "m-2", "m-3")) {
      commands.add(command(message), () -> events.add("done " + message));
    }
    second.run();
    commands.apply(0);
    assertThat(events).as("a row is not written").isEmpty();

    first.run();
    commands.apply(0);

    assertThat(events)
        .containsExactly("erase m-1", "erase m-2", "erase m-3", "done m-1", "done m-2", "done m-3");
    assertThat(commands.isEmpty()).isTrue();
    commands.apply(0);
    assertThat(events).as("nothing is left").hasSize(6);
  }

  @Test
  void rows_of_later_records_are_written_while_a_command_waits() throws Exception {
    Runnable earlier = commands.begin();
    commands.add(command("m-1"), () -> events.add("done m-1"));

    commands.begin().run();
    Runnable later = commands.begin();
    commands.apply(0);
    assertThat(events).as("an earlier row is not written").isEmpty();
    earlier.run();
    commands.apply(0);

    assertThat(events).as("a later row is not written").containsExactly("erase m-1", "done m-1");
    later.run();
  }

  @Test
  void a_command_waits_for_records_that_began_before_an_earlier_command() throws Exception {
    concurrent = 2;
    Runnable oldest = commands.begin();
    commands.add(command("m-1"), () -> events.add("done m-1"));
    commands.begin().run();
    commands.add(command("m-2"), () -> events.add("done m-2"));

    commands.apply(0);
    assertThat(events).isEmpty();
    oldest.run();
    commands.apply(0);

    assertThat(events).containsExactly("erase m-1", "erase m-2", "done m-1", "done m-2");
  }

  @Test
  void a_hundred_commands_are_applied_together_and_the_rest_after_them() throws Exception {
    for (int i = 0; i < 101; i++) {
      commands.add(command("m-" + i), () -> events.add("done"));
    }

    commands.apply(0);
    assertThat(events).filteredOn("done"::equals).hasSize(100);
    assertThat(commands.isEmpty()).isFalse();
    Runnable later = commands.begin();
    commands.apply(0);

    assertThat(events).as("a later row is not written").filteredOn("done"::equals).hasSize(101);
    assertThat(commands.isEmpty()).isTrue();
    later.run();
  }

  @Test
  void a_reader_waits_while_a_thousand_commands_wait() throws Exception {
    Runnable earlier = commands.begin();
    for (int i = 0; i < 1_000; i++) {
      commands.add(command("m-" + i), () -> {});
    }
    CompletableFuture<Void> added = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                commands.add(command("m-1000"), () -> {});
                added.complete(null);
              } catch (InterruptedException interrupted) {
                added.completeExceptionally(interrupted);
              }
            });
    reader.start();
    await().until(() -> reader.getState() == Thread.State.WAITING);

    earlier.run();
    commands.apply(0);

    assertThat(added).succeedsWithin(TIMEOUT);
  }

  /**
   * Several readers, each with records and commands of the same few messages, and a table that
   * completes writes late and in any order. A command deletes only rows that it finds in the table.
   * Afterwards the table has all rows of messages without a command, and none of the others.
   */
  @RepeatedTest(20)
  void no_row_of_an_erased_message_is_left_whatever_the_order(RepetitionInfo repetition)
      throws Exception {
    int seed = repetition.getCurrentRepetition();
    Table table = new Table(seed);
    ErasureIndex index = new ErasureIndex();
    DerivedCommands derived = new DerivedCommands(new ErasureReplay(table::erase, TIMEOUT));
    ExecutorService readers = Executors.newFixedThreadPool(3);
    try {
      List<Future<Set<String>>> read = new ArrayList<>();
      for (int reader = 0; reader < 3; reader++) {
        Random random = new Random(seed * 31L + reader);
        String name = "reader-" + reader;
        read.add(readers.submit(() -> read(name, random, index, derived, table)));
      }
      while (!read.stream().allMatch(Future::isDone) || !derived.isEmpty()) {
        derived.apply(1);
      }
      table.awaitWritten();

      Set<String> expected = new HashSet<>();
      for (Future<Set<String>> each : read) {
        expected.addAll(each.get());
      }
      expected.removeIf(row -> index.erasesMessage("acme", message(row)));
      assertThat(table.rows()).as("seed " + seed).isEqualTo(expected);
    } finally {
      readers.shutdownNow();
      table.close();
    }
  }

  /** Reads 300 records as a restore does, and returns their rows. */
  private static Set<String> read(
      String reader, Random random, ErasureIndex index, DerivedCommands derived, Table table)
      throws InterruptedException {
    Set<String> rows = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      String message = "m-" + random.nextInt(40);
      if (random.nextInt(15) == 0) {
        Erasure command = command(message);
        index.add(command);
        derived.add(command, () -> {});
      } else {
        String row = message + '/' + reader + '/' + i;
        rows.add(row);
        Runnable written = derived.begin();
        if (index.erasesMessage("acme", message)) {
          written.run();
        } else {
          table.write(row, written);
        }
      }
    }
    return rows;
  }

  private static String message(String row) {
    return row.substring(0, row.indexOf('/'));
  }

  /** Rows, each of which is written some time after it was sent. */
  private static final class Table {
    private final Set<String> written = new HashSet<>();
    private final Random random;
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);

    private Table(long seed) {
      random = new Random(seed);
    }

    synchronized void write(String row, Runnable done) {
      var unused =
          later.schedule(
              () -> {
                add(row);
                done.run();
              },
              random.nextInt(3_000),
              TimeUnit.MICROSECONDS);
    }

    private synchronized void add(String row) {
      written.add(row);
    }

    synchronized CompletionStage<Long> erase(Erasure command, long micros) {
      int before = written.size();
      written.removeIf(row -> message(row).equals(command.getMessageId()));
      return CompletableFuture.completedFuture((long) before - written.size());
    }

    void awaitWritten() throws InterruptedException {
      later.shutdown();
      assertThat(later.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    synchronized Set<String> rows() {
      return Set.copyOf(written);
    }

    void close() {
      later.shutdownNow();
    }
  }

  /** Completes only once so many were in progress together. */
  private CompletionStage<Long> erase(Erasure command, long micros) {
    events.add("erase " + command.getMessageId());
    requests.add(new CompletableFuture<>());
    if (requests.size() >= concurrent) {
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
