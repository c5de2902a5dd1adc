package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.state.LifecycleState;
import io.postflight.topology.metrics.TopologyMetrics;
import java.util.List;

/** Ends lives: state and deadline go, a mark stays, and the life's tier is told. */
final class Eraser {
  private final LifecycleStore lives;
  private final RetainedCommandStore marks;
  private final Outputs outlets;
  private final TopologyMetrics metrics;

  Eraser(
      LifecycleStore lives, RetainedCommandStore marks, Outputs outlets, TopologyMetrics metrics) {
    this.lives = lives;
    this.marks = marks;
    this.outlets = outlets;
    this.metrics = metrics;
  }

  /**
   * Erases a life.
   *
   * @param key of the life
   * @param by the command of its message, or of its user
   */
  void erase(String key, LifecycleState life, Erasure by) {
    Erasure command = ErasureRules.onRows(life, by);
    lives.keep(key, life, null);
    marks.put(command);
    outlets.command(List.of(life.getMessage().getTier()), command, by.getUserId());
    metrics.erasedMessage();
  }
}
