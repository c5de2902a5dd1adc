package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.state.LifecycleState;
import io.postflight.topology.metrics.TopologyMetrics;
import java.util.List;

/** Erases messages: deletes state and deadline, retains the command and forwards it to the tier. */
final class Eraser {
  private final LifecycleStore lifecycles;
  private final RetainedCommandStore retained;
  private final Outputs outputs;
  private final TopologyMetrics metrics;

  Eraser(
      LifecycleStore lifecycles,
      RetainedCommandStore retained,
      Outputs outputs,
      TopologyMetrics metrics) {
    this.lifecycles = lifecycles;
    this.retained = retained;
    this.outputs = outputs;
    this.metrics = metrics;
  }

  /**
   * Erases a message.
   *
   * @param key of the message's state
   * @param by the command that erases the message or its user
   */
  void erase(String key, LifecycleState state, Erasure by) {
    Erasure command = LifecycleErasures.onRows(state, by);
    lifecycles.replace(key, state, null);
    retained.put(command);
    outputs.command(
        List.of(state.getMessage().getTier()), command, LifecycleErasures.timelinesFrom(state, by));
    metrics.erasedMessage();
  }
}
