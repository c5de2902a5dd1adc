package io.postflight.replay;

import java.util.ArrayList;
import java.util.List;

/** The first things that went wrong with records, with where they stand. May be told by threads. */
final class ProblemLog {
  private static final int MOST = 100;

  private final List<String> told = new ArrayList<>();

  synchronized void add(String record, String why) {
    if (told.size() < MOST) {
      told.add(record + ": " + why);
    }
  }

  synchronized List<String> all() {
    return List.copyOf(told);
  }
}
