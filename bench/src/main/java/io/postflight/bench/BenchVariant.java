package io.postflight.bench;

import java.util.Locale;

/** One of the things that a benchmark measures beside each other; implemented by an enum. */
public interface BenchVariant {
  /** Of the constant. */
  String name();

  /** What it is. */
  String description();

  /** As in options and figures. */
  default String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
