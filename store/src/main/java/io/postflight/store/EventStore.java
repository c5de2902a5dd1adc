package io.postflight.store;

/** One tier's store. */
public interface EventStore extends EventWriter, EventReader, EventEraser, AutoCloseable {
  /** The tier whose rows it holds. */
  Tier tier();

  /** Closes connections; requests in progress may fail. */
  @Override
  void close();
}
