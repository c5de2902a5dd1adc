package io.postflight.store;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Typed access to the cells of a row that was read. */
@SuppressWarnings("unchecked") // each column has one type, given in Row.cells()
final class CellReader {
  private final Map<String, ? extends @Nullable Object> cells;

  CellReader(Map<String, ? extends @Nullable Object> cells) {
    this.cells = cells;
  }

  String text(String column) {
    return (String) present(column);
  }

  @Nullable String textOrNull(String column) {
    return (String) cells.get(column);
  }

  long time(String column) {
    return (Long) present(column);
  }

  @Nullable Long timeOrNull(String column) {
    return (Long) cells.get(column);
  }

  int number(String column) {
    return (Integer) present(column);
  }

  Map<String, String> texts(String column) {
    Object value = cells.get(column);
    return value == null ? Map.of() : (Map<String, String>) value;
  }

  Map<String, Long> times(String column) {
    Object value = cells.get(column);
    return value == null ? Map.of() : (Map<String, Long>) value;
  }

  <T> List<T> list(String column) {
    Object value = cells.get(column);
    return value == null ? List.of() : (List<T>) value;
  }

  @Nullable Object orNull(String column) {
    return cells.get(column);
  }

  private Object present(String column) {
    Object value = cells.get(column);
    if (value == null) {
      throw new IllegalStateException(
          "column " + column + " is not set in a row that has " + cells.keySet());
    }
    return value;
  }
}
