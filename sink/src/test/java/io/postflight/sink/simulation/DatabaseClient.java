package io.postflight.sink.simulation;

import org.jspecify.annotations.Nullable;

/** An instance of the sink as the client of the database. */
public interface DatabaseClient {
  /**
   * Delivers a response: now, or once the process is not paused any more; never if it was killed.
   */
  void receive(Runnable answer);

  /** Why it has failed, or that it is shutting down; null while it is active. */
  @Nullable String failureReason();
}
