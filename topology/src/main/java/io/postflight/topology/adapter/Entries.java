package io.postflight.topology.adapter;

import java.io.IOException;

/** Takes the entries of a body in their order. */
@FunctionalInterface
public interface Entries {
  /**
   * Takes one entry. The draft belongs to the taker from then on.
   *
   * @throws BodyTooLargeException if the body has more entries than are taken
   */
  void add(EventDraft draft) throws IOException;
}
