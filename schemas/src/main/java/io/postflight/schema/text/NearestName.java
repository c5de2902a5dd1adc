package io.postflight.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Suggests names for unknown ones, by Levenshtein distance. */
public final class NearestName {
  private NearestName() {}

  /** The nearest name at any distance; of several, the first in order. */
  static String of(String name, Collection<String> names) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return names.stream()
        .sorted()
        .min(Comparator.comparingInt(known -> distance(wanted, known.toLowerCase(Locale.ROOT))))
        .orElseThrow();
  }

  /** The nearest name, if at most two letters, or a third of them, differ. */
  public static Optional<String> closeTo(String name, Collection<String> names) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    String nearest = of(name, names);
    int distance = distance(name.toLowerCase(Locale.ROOT), nearest.toLowerCase(Locale.ROOT));
    return distance <= Math.max(2, name.length() / 3) ? Optional.of(nearest) : Optional.empty();
  }

  /** Levenshtein distance: insertions, deletions and replacements that turn one into the other. */
  private static int distance(String from, String to) {
    List<Integer> above = new ArrayList<>();
    for (int column = 0; column <= to.length(); column++) {
      above.add(column);
    }
    for (int row = 1; row <= from.length(); row++) {
      List<Integer> current = new ArrayList<>();
      current.add(row);
      for (int column = 1; column <= to.length(); column++) {
        int replace =
            above.get(column - 1) + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
        int change = Math.min(above.get(column), current.get(column - 1)) + 1;
        current.add(Math.min(replace, change));
      }
      above = current;
    }
    return above.get(to.length());
  }
}
