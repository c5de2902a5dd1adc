package io.postflight.schema.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The name that was probably meant: the one with the smallest Levenshtein distance. */
public final class NearestName {
  private NearestName() {}

  /** The nearest name at any distance; of several, the first in order. */
  private static String of(String name, Collection<String> names) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return names.stream()
        .sorted()
        .min(Comparator.comparingInt(known -> distance(wanted, known.toLowerCase(Locale.ROOT))))
        .orElseThrow();
  }

  /**
   * The nearest name, if at most two letters, or a third of them, differ. Names whose length
   * differs by more are not compared: the given one may be of any length.
   */
  public static Optional<String> closeTo(String name, Collection<String> names) {
    int most = Math.max(2, name.length() / 3);
    List<String> candidates =
        names.stream().filter(known -> Math.abs(known.length() - name.length()) <= most).toList();
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    String nearest = of(name, candidates);
    int distance = distance(name.toLowerCase(Locale.ROOT), nearest.toLowerCase(Locale.ROOT));
    return distance <= most ? Optional.of(nearest) : Optional.empty();
  }

  /** Levenshtein distance: insertions, deletions and replacements that turn one into the other. */
  private static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      above[column] = column;
    }
    for (int row = 1; row <= from.length(); row++) {
      int[] current = new int[to.length() + 1];
      current[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        int replace = above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
        current[column] = Math.min(replace, Math.min(above[column], current[column - 1]) + 1);
      }
      above = current;
    }
    return above[to.length()];
  }
}
