package io.postflight.api.query;

import io.postflight.api.http.Params;
import java.util.List;

/** What a cursor is bound to: tenant, kind of query, subject and the filter as given. */
final class CursorScope {
  private CursorScope() {}

  static String of(
      String query, String tenant, String subject, Params params, List<String> parameters) {
    StringBuilder scope = new StringBuilder();
    append(scope, query);
    append(scope, tenant);
    append(scope, subject);
    for (String name : parameters) {
      String value = params.text(name);
      append(scope, name);
      append(scope, value == null ? "" : value);
    }
    return scope.toString();
  }

  /** Length-prefixed, so that distinct parts give distinct texts. */
  private static void append(StringBuilder scope, String part) {
    scope.append(part.length()).append(':').append(part);
  }
}
