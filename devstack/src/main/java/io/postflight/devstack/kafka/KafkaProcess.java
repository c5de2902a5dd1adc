package io.postflight.devstack.kafka;

import io.postflight.devstack.process.ChildJvm;
import io.postflight.devstack.process.ParentConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@link EmbeddedKafka} in a JVM of its own, so that its CPU time and memory are measured apart
 * from those of this process. It ends when this process does.
 */
public final class KafkaProcess implements AutoCloseable {
  private static final List<String> OPTIONS = List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC");

  private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

  private final ChildJvm child;
  private final String bootstrapServers;

  private KafkaProcess(ChildJvm child, String bootstrapServers) {
    this.child = child;
    this.bootstrapServers = bootstrapServers;
  }

  /** Starts a broker and returns when it accepts clients. */
  public static KafkaProcess start(Path directory) throws InterruptedException {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create " + directory, e);
    }
    ChildJvm child =
        ChildJvm.start(
            new ChildJvm.Program(
                KafkaProcess.class,
                OPTIONS,
                List.of(directory.resolve("data").toString()),
                directory.resolve("kafka.log")));
    try {
      return new KafkaProcess(child, child.receive(START_TIMEOUT));
    } catch (RuntimeException | InterruptedException e) {
      child.close();
      throw e;
    }
  }

  /** Address for clients: {@code 127.0.0.1:<port>}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Process id. */
  public long pid() {
    return child.pid();
  }

  /** Ends the broker at once; what it has acknowledged is kept. */
  @Override
  public void close() {
    child.close();
  }

  /**
   * Runs the broker until the parent ends.
   *
   * @param arguments its directory
   */
  public static void main(String[] arguments) throws InterruptedException {
    ParentConnection parent = ParentConnection.open();
    try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]))) {
      parent.send(kafka.bootstrapServers());
      parent.receive();
    }
  }
}
