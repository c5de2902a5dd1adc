package io.postflight.sink;

import io.postflight.sink.simulation.CommandOracle;
import io.postflight.sink.simulation.Contents;
import io.postflight.sink.simulation.Ledger;
import io.postflight.sink.simulation.SimulatedDatabase;
import io.postflight.sink.simulation.SimulatedLog;
import io.postflight.sink.simulation.World;

/**
 * What surrounds the instances of a history.
 *
 * @param commands judges each command that is given to the database
 * @param registry the schema registry
 * @param mutant what is wrong with the instances on purpose
 */
record Surroundings(
    World world,
    Ledger ledger,
    CommandOracle commands,
    SimulatedLog log,
    SimulatedDatabase database,
    Registry registry,
    Contents contents,
    Mutant mutant) {
  /** The schema registry. */
  static final class Registry {
    boolean away;
  }
}
