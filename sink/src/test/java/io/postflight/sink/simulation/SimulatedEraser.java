package io.postflight.sink.simulation;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.memory.InMemoryEventStore;
import java.util.concurrent.CompletionStage;

/**
 * Applies commands like writes: late, in part, repeatedly, or not at all. A command takes many
 * statements, so that one that failed is often applied in part.
 */
final class SimulatedEraser {
  private final World world;
  private final HistoryOracle oracle;
  private final CommandOracle commands;
  private final DatabaseHealth health;
  private final InMemoryEventStore store;

  SimulatedEraser(
      World world,
      HistoryOracle oracle,
      CommandOracle commands,
      DatabaseHealth health,
      InMemoryEventStore store) {
    this.world = world;
    this.oracle = oracle;
    this.commands = commands;
    this.health = health;
    this.store = store;
  }

  CompletionStage<Long> erase(Erasure command, long timestampMicros, PendingResponse<Long> answer) {
    if (world.fault(0.002)) {
      throw new IllegalStateException("a bug of the driver");
    }
    if (world.fault(0.02)) {
      health.failPermanently(500);
    }
    Attempt attempt = new Attempt(command, timestampMicros, RecordAddress.of(command), answer);
    commands.begins(attempt.address);
    attempt.begin();
    return answer.future();
  }

  private final class Attempt {
    private final Erasure command;
    private final long timestampMicros;
    private final RecordAddress address;
    private final PendingResponse<Long> answer;

    private Attempt(
        Erasure command,
        long timestampMicros,
        RecordAddress address,
        PendingResponse<Long> answer) {
      this.command = command;
      this.timestampMicros = timestampMicros;
      this.address = address;
      this.answer = answer;
    }

    private void begin() {
      String subject = command.getUserId() == null ? command.getMessageId() : command.getUserId();
      if (health.healthy() && world.chance(0.05)) {
        finish();
      } else if (health.responseLost()) {
        timeOut();
      } else if (health.outage() || health.onUnavailableNode(String.valueOf(subject))) {
        world.after(world.between(0, 20), () -> failMidway("no response"));
      } else if (health.unhealthy()) {
        world.after(world.between(0, 3), () -> fail(health.failureKind(), "unhealthy"));
      } else {
        world.after(health.delay(), this::finish);
      }
    }

    private void timeOut() {
      if (!SimulatedRecords.rejected(command)) {
        switch (world.below(3)) {
          case 0 -> world.after(world.between(0, 15_000), this::apply);
          case 1 -> world.after(world.between(0, 3_000), this::applyInPart);
          default -> {}
        }
      }
      world.after(DatabaseHealth.TIMEOUT_MILLIS, () -> fail(Kind.TRANSIENT, "timed out"));
    }

    private void finish() {
      String broken = health.fatal();
      if (broken != null) {
        fail(Kind.FATAL, broken);
      } else if (SimulatedRecords.rejected(command)) {
        if (world.fault(0.2)) {
          health.failPermanently(200); // for the canary to meet
        }
        fail(Kind.INVALID, "rejected");
      } else if (world.fault(0.05)) {
        failMidway("overloaded midway");
      } else if (world.fault(0.02)) {
        apply();
        fail(Kind.TRANSIENT, "overloaded after all");
      } else {
        long rows = apply();
        oracle.applied(address.partition(), address.offset());
        commands.completed(address);
        answer.complete(rows);
      }
    }

    private void failMidway(String why) {
      if (!SimulatedRecords.rejected(command)) {
        applyInPart();
      }
      fail(Kind.TRANSIENT, why);
    }

    private void fail(Kind kind, String why) {
      commands.completed(address);
      answer.fail(kind, why);
    }

    private long apply() {
      long rows = store.erase(command, timestampMicros).toCompletableFuture().join();
      world.note("erased", rows, timestampMicros);
      return rows;
    }

    private void applyInPart() {
      int steps = new PartialErasure(store, command, timestampMicros).apply(world::below);
      world.note("erased in part", steps, timestampMicros);
    }
  }
}
