package io.postflight.topology.adapter;

import io.postflight.schema.event.Status;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a provider's status words mean. Case does not matter. */
final class StatusWords {
  private final Map<String, Status> meanings;

  /** Of words in lower case. */
  StatusWords(Map<String, Status> meanings) {
    this.meanings = Map.copyOf(meanings);
  }

  /** The meaning of the word; null if it is not known. */
  @Nullable Status meaning(@Nullable String word) {
    if (word == null) {
      return null;
    }
    Status status = meanings.get(word);
    return status != null ? status : meanings.get(word.toLowerCase(Locale.ROOT));
  }
}
