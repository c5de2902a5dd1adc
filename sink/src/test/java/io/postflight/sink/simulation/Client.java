package io.postflight.sink.simulation;

import org.jspecify.annotations.Nullable;

/** An instance, as its database sees it. */
public interface Client {
  /** Tells it something: now, or once it is awake again; never if it is dead. */
  void hears(Runnable answer);

  /** Why it has given up, or that it was told to stop; null: it goes on. */
  @Nullable String verdict();
}
