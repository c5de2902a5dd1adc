package io.postflight.topology.adapter;

import org.jspecify.annotations.Nullable;

/** Values of an entry by name, as text. */
@FunctionalInterface
interface NamedValues {
  /** The value as text; null if absent, empty or no scalar. */
  @Nullable String get(String name);

  /** The first of these that is present, as above. */
  default @Nullable String first(String... names) {
    for (String name : names) {
      String value = get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
