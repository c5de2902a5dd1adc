package io.postflight.store;

import java.util.Map;

/**
 * A row as stored by the database.
 *
 * @param cells by column, those outside the primary key that have a value; may be empty, since a
 *     row can exist without any
 */
public record StoredCells(Map<String, StoredCell> cells) {
  /** Copies the map. */
  public StoredCells {
    cells = Map.copyOf(cells);
  }
}
