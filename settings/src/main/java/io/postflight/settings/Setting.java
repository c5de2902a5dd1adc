package io.postflight.settings;

/**
 * One key of the configuration. The default and the explanation stand in {@code
 * config/postflight.conf}; a test holds the two together.
 *
 * @param path HOCON path; a {@code *} stands for the name of a tier
 * @param kind what the value may be
 */
record Setting<T>(String path, Kind<T> kind) {

  /** The path within one tier's section. */
  String of(String tier) {
    return path.replace("*", tier);
  }
}
