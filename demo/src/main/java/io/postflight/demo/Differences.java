package io.postflight.demo;

import java.util.ArrayList;
import java.util.List;

/** Differences between expected and stored data: all are counted, the first are described. */
final class Differences {
  private static final int SHOWN = 20;

  private final List<String> shown = new ArrayList<>();
  private long count;

  /** Adds a difference if a number is not the expected one. */
  void compare(String what, long expected, long found) {
    if (expected != found) {
      add(what + ": expected " + expected + ", found " + found);
    }
  }

  /** Adds a difference. */
  synchronized void add(String difference) {
    count++;
    if (shown.size() < SHOWN) {
      shown.add(difference);
    }
  }

  /** Number of differences. */
  long count() {
    return count;
  }

  /** Descriptions of at most 20. */
  List<String> examples() {
    List<String> all = new ArrayList<>(shown);
    if (count > SHOWN) {
      all.add("and " + (count - SHOWN) + " more");
    }
    return all;
  }
}
