package io.postflight.bench.e2e;

import io.postflight.bench.BenchVariant;

/** How webhooks are sent. */
enum E2ePhase implements BenchVariant {
  OPEN_LOOP("at the greatest rate at which the lag stays bounded"),
  STEADY("at half that rate"),
  DRAINING("as fast as the gateway answers, until all is stored"),
  QUERIES("at half that rate, with queries");

  private final String description;

  E2ePhase(String description) {
    this.description = description;
  }

  @Override
  public String description() {
    return description;
  }
}
