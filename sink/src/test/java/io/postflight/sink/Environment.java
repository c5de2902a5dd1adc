package io.postflight.sink;

import io.postflight.sink.simulation.CommandOracle;
import io.postflight.sink.simulation.HistoryOracle;
import io.postflight.sink.simulation.HistoryRecords;
import io.postflight.sink.simulation.SimulatedDatabase;
import io.postflight.sink.simulation.SimulatedLog;
import io.postflight.sink.simulation.World;

/**
 * Environment of the instances of a history.
 *
 * @param commands verifies each command that is passed to the database
 * @param registry the schema registry
 * @param mutant the fault injected into the instances
 */
record Environment(
    World world,
    HistoryOracle oracle,
    CommandOracle commands,
    SimulatedLog log,
    SimulatedDatabase database,
    Registry registry,
    HistoryRecords contents,
    Mutant mutant) {
  /** The schema registry. */
  static final class Registry {
    boolean unavailable;
  }
}
