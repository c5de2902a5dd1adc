package io.postflight.bench.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.devstack.process.ChildJvm;
import io.postflight.devstack.process.ParentConnection;
import io.postflight.runtime.logging.Logs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A {@link Variant} in a JVM of its own, which all its rounds share, so that variants neither share
 * compiled code nor a heap.
 *
 * @param <Q> what a round is to do, as JSON
 * @param <A> what it did, as JSON
 */
public final class VariantProcess<Q, A> implements AutoCloseable {
  /** As the launcher's for roles, in a container of one GiB. */
  private static final List<String> OPTIONS =
      List.of("-Xms512m", "-Xmx512m", "-XX:MaxDirectMemorySize=128m", "-XX:+UseG1GC");

  private static final Duration ROUND_TIMEOUT = Duration.ofMinutes(20);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String FAILURE = "failure";

  private final ChildJvm child;
  private final Class<A> answers;

  private VariantProcess(ChildJvm child, Class<A> answers) {
    this.child = child;
    this.answers = answers;
  }

  /**
   * Starts a process.
   *
   * @param main a main class that calls {@link #serve}
   * @param name of the variant, its only argument
   * @param answers what its rounds return
   * @param directory where it logs
   */
  public static <Q, A> VariantProcess<Q, A> start(
      Class<?> main, String name, Class<A> answers, Path directory) {
    return new VariantProcess<>(
        ChildJvm.start(
            new ChildJvm.Program(
                main, OPTIONS, List.of(name), directory.resolve("bench-" + name + ".log"))),
        answers);
  }

  /**
   * Does one round.
   *
   * @throws IllegalStateException if it fails
   */
  public A run(Q round) throws InterruptedException {
    try {
      child.send(JSON.writeValueAsString(round));
      JsonNode answer = JSON.readTree(child.receive(ROUND_TIMEOUT));
      if (answer.has(FAILURE)) {
        throw new IllegalStateException(answer.get(FAILURE).asText());
      }
      return JSON.treeToValue(answer, answers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the answer of a variant cannot be read", e);
    }
  }

  /** Process id. */
  public long pid() {
    return child.pid();
  }

  @Override
  public void close() {
    child.close();
  }

  /** The process's side: does rounds until the parent ends. */
  public static <Q> void serve(Variant<Q, ?> variant, Class<Q> rounds)
      throws InterruptedException, JsonProcessingException {
    ParentConnection parent = ParentConnection.open();
    Logs.toStandardError();
    while (true) {
      Q round = JSON.readValue(parent.receive(), rounds);
      JsonNode answer;
      try {
        answer = JSON.valueToTree(variant.run(round));
      } catch (Exception e) {
        e.printStackTrace();
        answer = JSON.createObjectNode().put(FAILURE, e.toString());
      }
      parent.send(JSON.writeValueAsString(answer));
    }
  }
}
