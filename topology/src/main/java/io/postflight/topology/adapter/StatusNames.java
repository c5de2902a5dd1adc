package io.postflight.topology.adapter;

import io.postflight.schema.event.Status;
import io.postflight.schema.text.AsciiCase;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps a provider's status names to canonical statuses. Case-insensitive. */
final class StatusNames {
  private final Map<String, Status> statuses;

  /** The names must be in lower case. */
  StatusNames(Map<String, Status> statuses) {
    this.statuses = Map.copyOf(statuses);
  }

  /** The canonical status; null if the name is unknown. */
  @Nullable Status of(@Nullable String name) {
    if (name == null) {
      return null;
    }
    Status status = statuses.get(name);
    return status != null ? status : statuses.get(AsciiCase.lower(name));
  }
}
