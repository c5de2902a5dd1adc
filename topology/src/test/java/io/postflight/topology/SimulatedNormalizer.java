package io.postflight.topology;

import io.postflight.schema.event.MessageEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** The output of the normalizer, which runs at least once. */
final class SimulatedNormalizer {
  private final Random random;
  private final Consumer<MessageEvent> output;

  /** Events whose webhooks are not committed. */
  private final List<MessageEvent> uncommitted = new ArrayList<>();

  SimulatedNormalizer(Random random, Consumer<MessageEvent> output) {
    this.random = random;
    this.output = output;
  }

  void write(MessageEvent event) {
    if (random.nextInt(4) == 0) {
      commitOrCrash();
    }
    output.accept(event);
    uncommitted.add(event);
  }

  /** It commits, or it crashes before and writes all events since the last commit again. */
  private void commitOrCrash() {
    if (random.nextBoolean()) {
      uncommitted.clear();
    } else {
      List<MessageEvent> again = new ArrayList<>(uncommitted);
      // Their webhooks are in several partitions.
      Collections.shuffle(again, random);
      again.forEach(output);
    }
  }
}
