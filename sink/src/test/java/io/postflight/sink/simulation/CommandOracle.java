package io.postflight.sink.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Oracle of commands: knows independently of the sink's trackers when a command may be applied, and
 * verifies each when it is passed to the store.
 *
 * <ul>
 *   <li>All records before it in its partition are stored.
 *   <li>No other command of its partition is in progress for the same assignment.
 *   <li>The assignment for which it was read has not ended.
 * </ul>
 */
public final class CommandOracle {
  private final HistoryOracle oracle;

  /** By assignment, the command that was passed to the store and has not completed. */
  private final Map<Integer, Long> underWay = new HashMap<>();

  private final Set<Integer> over = new HashSet<>();
  private int assignments;
  private int begun;

  /**
   * @param oracle knows what is stored
   */
  public CommandOracle(HistoryOracle oracle) {
    this.oracle = oracle;
  }

  /** A partition was assigned to a task: returns the number of the assignment. */
  public int assignmentBegins() {
    return ++assignments;
  }

  /** The assignment has ended. */
  public void assignmentEnds(int assignment) {
    over.add(assignment);
  }

  /** A command is passed to the store. */
  void begins(RecordAddress command) {
    begun++;
    long lowest = oracle.lowestOpen(command.partition());
    if (lowest < command.offset()) {
      oracle.violation(command + " is applied, not stored before it: " + lowest);
    }
    Long other = underWay.putIfAbsent(command.assignment(), command.offset());
    if (other != null) {
      oracle.violation(command + " is applied while " + other + " is in progress");
    }
    if (over.contains(command.assignment())) {
      oracle.violation(command + " is applied although its assignment has ended");
    }
  }

  /** The store has responded. */
  void completed(RecordAddress command) {
    underWay.remove(command.assignment(), command.offset());
  }

  /** How often a command was passed to the store. */
  public int begun() {
    return begun;
  }
}
