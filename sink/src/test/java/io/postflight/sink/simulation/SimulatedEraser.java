package io.postflight.sink.simulation;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.WriteException.Kind;
import io.postflight.store.memory.InMemoryEventStore;
import java.util.concurrent.CompletionStage;

/**
 * What the database does with commands: as with writes, late, in part, several times, or not at
 * all. A command takes many statements, so that one that failed is often done in part.
 */
final class SimulatedEraser {
  private final World world;
  private final Ledger ledger;
  private final CommandOracle commands;
  private final Weather weather;
  private final InMemoryEventStore store;

  SimulatedEraser(
      World world,
      Ledger ledger,
      CommandOracle commands,
      Weather weather,
      InMemoryEventStore store) {
    this.world = world;
    this.ledger = ledger;
    this.commands = commands;
    this.weather = weather;
    this.store = store;
  }

  CompletionStage<Long> erase(Erasure command, long timestampMicros, Answer<Long> answer) {
    if (world.fault(0.002)) {
      throw new IllegalStateException("a bug of the driver");
    }
    if (world.fault(0.02)) {
      weather.breakDown(500);
    }
    Attempt attempt = new Attempt(command, timestampMicros, Address.of(command), answer);
    commands.begins(attempt.address);
    attempt.begin();
    return answer.future();
  }

  private final class Attempt {
    private final Erasure command;
    private final long timestampMicros;
    private final Address address;
    private final Answer<Long> answer;

    private Attempt(Erasure command, long timestampMicros, Address address, Answer<Long> answer) {
      this.command = command;
      this.timestampMicros = timestampMicros;
      this.address = address;
      this.answer = answer;
    }

    private void begin() {
      String subject = command.getUserId() == null ? command.getMessageId() : command.getUserId();
      if (weather.fine() && world.chance(0.05)) {
        finish();
      } else if (weather.silent()) {
        timeOut();
      } else if (weather.outage() || weather.onDeadNode(String.valueOf(subject))) {
        world.after(world.between(0, 20), () -> failMidway("nobody answers"));
      } else if (weather.sick()) {
        world.after(world.between(0, 3), () -> fail(weather.whenSick(), "sick"));
      } else {
        world.after(weather.delay(), this::finish);
      }
    }

    private void timeOut() {
      if (!Catalogue.refused(command)) {
        switch (world.below(3)) {
          case 0 -> world.after(world.between(0, 15_000), this::apply);
          case 1 -> world.after(world.between(0, 3_000), this::applyInPart);
          default -> {}
        }
      }
      world.after(Weather.TIMEOUT_MILLIS, () -> fail(Kind.TRANSIENT, "timed out"));
    }

    private void finish() {
      String broken = weather.fatal();
      if (broken != null) {
        fail(Kind.FATAL, broken);
      } else if (Catalogue.refused(command)) {
        if (world.fault(0.2)) {
          weather.breakDown(200); // for the canary to meet
        }
        fail(Kind.INVALID, "refused");
      } else if (world.fault(0.05)) {
        failMidway("overloaded midway");
      } else if (world.fault(0.02)) {
        apply();
        fail(Kind.TRANSIENT, "overloaded after all");
      } else {
        long rows = apply();
        ledger.applied(address.partition(), address.offset());
        commands.answered(address);
        answer.complete(rows);
      }
    }

    private void failMidway(String why) {
      if (!Catalogue.refused(command)) {
        applyInPart();
      }
      fail(Kind.TRANSIENT, why);
    }

    private void fail(Kind kind, String why) {
      commands.answered(address);
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
