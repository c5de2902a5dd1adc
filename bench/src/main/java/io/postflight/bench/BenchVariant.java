package io.postflight.bench;

import java.util.Locale;

/** One of the things that a benchmark measures beside each other. */
public interface BenchVariant {
  /** As a constant is named. */
  String name();

  /** What it is. */
  String description();

  /** As in options and figures. */
  default String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
