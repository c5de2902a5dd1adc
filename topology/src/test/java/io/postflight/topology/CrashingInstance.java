package io.postflight.topology;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.Topics;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** An instance of the topology in a separate process that crashes while processing. */
public final class CrashingInstance {
  private CrashingInstance() {}

  /**
   * Runs until {@link HaltingSerializer} ends it.
   *
   * @param args topic prefix, bootstrap servers, URL of the registry, state directory
   */
  public static void main(String[] args) throws InterruptedException {
    try (RealPipeline pipeline = new RealPipeline(new Topics(args[0]), args[1], args[2])) {
      AvroSerdes serdes =
          AvroSerdes.of(
              Map.of(
                  "schema.registry.url",
                  args[2],
                  AvroSerdes.SERIALIZER,
                  HaltingSerializer.class.getName()));
      try (TopologyRole role =
          pipeline.start(pipeline.settings(LifecycleRules.DEFAULT, Path.of(args[3])), serdes)) {
        new CountDownLatch(1).await();
        role.close();
      }
    }
  }
}
