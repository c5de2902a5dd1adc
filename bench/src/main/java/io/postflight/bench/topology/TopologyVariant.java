package io.postflight.bench.topology;

import io.postflight.bench.BenchVariant;
import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.Variant;
import io.postflight.bench.process.VariantProcess.Program;

/** What is measured beside each other over the same webhooks. */
enum TopologyVariant implements BenchVariant {
  POSTFLIGHT("the topology's role", PostflightRole.class),
  CEILING("bare loop that moves the same records", PlainLoop.class);

  private final String description;
  private final Class<? extends Variant<TopologyRound, RoundMeter.Usage>> implementation;

  TopologyVariant(
      String description,
      Class<? extends Variant<TopologyRound, RoundMeter.Usage>> implementation) {
    this.description = description;
    this.implementation = implementation;
  }

  @Override
  public String description() {
    return description;
  }

  /** What runs in its process. */
  Program<TopologyRound, RoundMeter.Usage> program() {
    return new Program<>(implementation, TopologyRound.class, RoundMeter.Usage.class);
  }
}
