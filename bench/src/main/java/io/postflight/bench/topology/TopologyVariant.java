package io.postflight.bench.topology;

import java.util.Locale;

/** What is measured beside each other over the same webhooks. */
enum TopologyVariant {
  POSTFLIGHT("the topology's role"),
  CEILING("bare loop that moves the same records");

  private final String description;

  TopologyVariant(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /** As in options and figures. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
