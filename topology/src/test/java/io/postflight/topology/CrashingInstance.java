package io.postflight.topology;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.Topics;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** An instance of the topology in a separate process that crashes while processing. */
public final class CrashingInstance {
  private CrashingInstance() {}

  /**
   * Runs until {@link HaltingSerializer} ends it.
   *
   * @param args topic prefix, bootstrap servers, URL of the registry, state directory, and the
   *     number of events after which it crashes; 0: it crashes at the first completed message
   */
  public static void main(String[] args) throws InterruptedException {
    try (RealPipeline pipeline = new RealPipeline(new Topics(args[0]), args[1], args[2])) {
      Duration commitInterval = Duration.ofMillis(100);
      AvroSerdes serdes =
          pipeline.serdes.with(Map.of(AvroSerdes.SERIALIZER, HaltingSerializer.class.getName()));
      if (!args[4].equals("0")) {
        serdes =
            serdes.with(
                Map.of(HaltingSerializer.SERVERS, args[1], HaltingSerializer.EVENTS, args[4]));
        // Nothing is committed before the crash.
        commitInterval = Duration.ofSeconds(30);
      }
      try (TopologyRole role =
          pipeline.start(
              pipeline.settings(LifecycleRules.DEFAULT, Path.of(args[3]), commitInterval),
              serdes)) {
        new CountDownLatch(1).await();
        role.close();
      }
    }
  }
}
