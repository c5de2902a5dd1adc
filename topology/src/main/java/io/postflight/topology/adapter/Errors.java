package io.postflight.topology.adapter;

import io.postflight.schema.event.EventError;
import org.jspecify.annotations.Nullable;

/** An error out of what providers call code, title, message and details. */
final class Errors {
  private Errors() {}

  /** The message stands in for a missing title or for missing details, unless it says the same. */
  static EventError of(
      @Nullable String code,
      @Nullable String title,
      @Nullable String message,
      @Nullable String details) {
    String name = title != null ? title : message;
    String more = details != null ? details : message;
    return new EventError(code, name, more == null || more.equals(name) ? null : more);
  }
}
