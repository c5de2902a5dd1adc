package io.postflight.topology.adapter;

import java.io.IOException;

/** Receives the entries of a body, in order. */
@FunctionalInterface
public interface Entries {
  /**
   * Adds an entry. The caller must not use the draft afterwards.
   *
   * @throws BodyTooLargeException if the body has more entries than allowed
   */
  void add(EventDraft draft) throws IOException;
}
