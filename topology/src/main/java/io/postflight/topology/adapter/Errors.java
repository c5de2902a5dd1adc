package io.postflight.topology.adapter;

import io.postflight.schema.event.EventError;
import org.jspecify.annotations.Nullable;

/** Creates an error from a provider's code, title, message and details. */
final class Errors {
  private Errors() {}

  static EventError of(@Nullable String code, @Nullable String title) {
    return of(code, title, null, null);
  }

  /** The message replaces a missing title, or missing details if it differs from the title. */
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
