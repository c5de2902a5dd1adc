package io.postflight.demo;

import java.util.ArrayList;
import java.util.List;

/** What does not balance: the first few in words, all of them counted. */
final class Differences {
  private static final int SHOWN = 20;

  private final List<String> shown = new ArrayList<>();
  private long count;

  /** Notes that a number is not what it must be. */
  void compare(String what, long expected, long found) {
    if (expected != found) {
      add(what + ": expected " + expected + ", found " + found);
    }
  }

  /** Notes a difference. */
  synchronized void add(String difference) {
    count++;
    if (shown.size() < SHOWN) {
      shown.add(difference);
    }
  }

  /** How many there are. */
  long count() {
    return count;
  }

  /** In words, at most 20. */
  List<String> shown() {
    List<String> all = new ArrayList<>(shown);
    if (count > SHOWN) {
      all.add("and " + (count - SHOWN) + " more");
    }
    return all;
  }
}
