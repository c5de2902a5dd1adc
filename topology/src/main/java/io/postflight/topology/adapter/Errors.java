package io.postflight.topology.adapter;

import io.postflight.schema.event.EventError;
import org.jspecify.annotations.Nullable;

/** Creates an error from a provider's code, title, message and details. */
final class Errors {
  private Errors() {}

  static EventError of(@Nullable String code, @Nullable String title) {
    return of(code, title, null, null);
  }

  /**
   * The error in the object or array at the first of these paths that has any, wherever providers
   * put its parts: {@code code} or {@code errorCode}, {@code title}, {@code message}, and details
   * beside them or in {@code error_data}.
   *
   * @return null if there is none
   */
  static @Nullable EventError of(FlatObject fields, String... paths) {
    for (String path : paths) {
      String of = fields.has(path + ".0") ? path + ".0." : path + '.';
      String code = fields.first(of + "code", of + "errorCode", of + "error_code");
      String title = fields.first(of + "title", of + "name", of + "type");
      String message = fields.first(of + "message", of + "error_message", of + "errorMessage");
      String details =
          fields.first(
              of + "error_data.details",
              of + "details",
              of + "detail",
              of + "error_data",
              of + "description",
              of + "reason");
      if (code != null || title != null || message != null || details != null) {
        return of(code, title, message, details);
      }
    }
    return null;
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
