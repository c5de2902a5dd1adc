package io.postflight.sink.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The oracle of commands: knows by itself, and not from any tracker, when the turn of a command has
 * come, and judges each as it is given to the store.
 *
 * <ul>
 *   <li>All records before it in its partition are done.
 *   <li>No other command of its partition is under way for the same stay.
 *   <li>The stay for which it was read is not over.
 * </ul>
 */
public final class CommandOracle {
  private final Ledger ledger;

  /** By stay, the command that was given to the store and not answered. */
  private final Map<Integer, Long> underWay = new HashMap<>();

  private final Set<Integer> over = new HashSet<>();
  private int stays;
  private int begun;

  /**
   * @param ledger knows what is done
   */
  public CommandOracle(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A task has got a partition: the number of its stay. */
  public int stayBegins() {
    return ++stays;
  }

  /** A task has given its partition up. */
  public void stayEnds(int stay) {
    over.add(stay);
  }

  /** A command is given to the store. */
  void begins(Address command) {
    begun++;
    long lowest = ledger.lowestOpen(command.partition());
    if (lowest < command.offset()) {
      ledger.violation(command + " is applied, not done before it: " + lowest);
    }
    Long other = underWay.putIfAbsent(command.stay(), command.offset());
    if (other != null) {
      ledger.violation(command + " is applied while " + other + " is under way");
    }
    if (over.contains(command.stay())) {
      ledger.violation(command + " is applied, whose stay is over");
    }
  }

  /** The store has answered. */
  void answered(Address command) {
    underWay.remove(command.stay(), command.offset());
  }

  /** How often a command was given to the store. */
  public int begun() {
    return begun;
  }
}
