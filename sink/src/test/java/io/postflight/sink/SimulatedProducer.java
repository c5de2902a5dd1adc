package io.postflight.sink;

import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.sink.simulation.HistoryOracle;
import io.postflight.sink.simulation.World;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A producer of dead letters whose Kafka is sometimes unavailable. */
final class SimulatedProducer {
  private final World world;
  private final HistoryOracle oracle;
  private final SimulatedProcess process;
  private final boolean hidesFailures;

  /**
   * @param hidesFailures whether it acknowledges dead letters that were not accepted
   */
  SimulatedProducer(
      World world, HistoryOracle oracle, SimulatedProcess process, boolean hidesFailures) {
    this.world = world;
    this.oracle = oracle;
    this.process = process;
    this.hidesFailures = hidesFailures;
  }

  @SuppressWarnings("unchecked")
  Producer<byte[], byte[]> asProducer() {
    return (Producer<byte[], byte[]>)
        Proxy.newProxyInstance(
            SimulatedProducer.class.getClassLoader(),
            new Class<?>[] {Producer.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "send" ->
                      send((ProducerRecord<byte[], byte[]>) arguments[0], (Callback) arguments[1]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private CompletableFuture<Void> send(
      ProducerRecord<byte[], byte[]> deadLetter, Callback callback) {
    if (world.fault(0.1)) {
      throw new TimeoutException("no metadata");
    }
    boolean taken = !world.fault(0.2);
    world.after(
        world.between(0, taken ? 20 : 3_000),
        () -> {
          if (taken) {
            int partition = number(deadLetter, DeadLetterHeaders.SOURCE_PARTITION);
            oracle.deadLettered(partition, number(deadLetter, DeadLetterHeaders.SOURCE_OFFSET));
            world.note("dead letter", partition, 0);
          }
          @Nullable Exception failure =
              taken || hidesFailures ? null : new TimeoutException("not accepted");
          process.run("producer", () -> callback.onCompletion(null, failure));
        });
    return CompletableFuture.completedFuture(null);
  }

  private static int number(ProducerRecord<byte[], byte[]> deadLetter, String header) {
    return Integer.parseInt(
        new String(deadLetter.headers().lastHeader(header).value(), StandardCharsets.UTF_8));
  }
}
