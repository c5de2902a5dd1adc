package io.postflight.replay;

import java.util.ArrayList;
import java.util.List;

/** The first problems with records and their positions. Thread-safe. */
final class ProblemLog {
  private static final int LIMIT = 100;

  private final List<String> problems = new ArrayList<>();

  synchronized void add(String record, String why) {
    if (problems.size() < LIMIT) {
      problems.add(record + ": " + why);
    }
  }

  synchronized List<String> all() {
    return List.copyOf(problems);
  }
}
