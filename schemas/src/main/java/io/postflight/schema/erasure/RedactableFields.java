package io.postflight.schema.erasure;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** The fields of a message that can be redacted. The user's id cannot: it is part of row keys. */
@NullMarked
public final class RedactableFields {
  /** Names as in the API and in the facts of a message. */
  public static final Set<String> NAMES =
      Set.of("attributes", "body", "error", "price", "recipient", "sender");

  private RedactableFields() {}

  /**
   * The fields, sorted, without duplicates.
   *
   * @throws IllegalArgumentException if there is none, or one that cannot be redacted, naming it
   *     and the allowed fields
   */
  public static List<String> checked(Collection<String> fields) {
    if (fields.isEmpty()) {
      throw new IllegalArgumentException(
          "no field to redact is given; allowed are " + new TreeSet<>(NAMES));
    }
    for (String field : fields) {
      if (!NAMES.contains(field)) {
        throw new IllegalArgumentException(
            "field '" + field + "' cannot be redacted; allowed are " + new TreeSet<>(NAMES));
      }
    }
    return List.copyOf(new TreeSet<>(fields));
  }
}
