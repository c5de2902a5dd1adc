package io.postflight.bench.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.devstack.process.ChildJvm;
import io.postflight.devstack.process.ParentConnection;
import io.postflight.runtime.logging.Logs;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

  /** The first compiler only, as in tests: starts in half the time. */
  private static final List<String> TRIAL_OPTIONS =
      List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

  /** Environment variable with further options, such as the agent of a profiler. */
  private static final String MORE_OPTIONS = "BENCH_JAVA_OPTIONS";

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
   * What runs in a process.
   *
   * @param implementation a class with a constructor without parameters
   * @param rounds what a round is to do
   * @param answers what it did
   * @param <Q> what a round is to do
   * @param <A> what it did
   */
  public record Program<Q, A>(
      Class<? extends Variant<Q, A>> implementation, Class<Q> rounds, Class<A> answers) {}

  /**
   * Starts a process.
   *
   * @param log file for what it logs
   * @param trial whether it is only tried, so that it starts quickly
   */
  public static <Q, A> VariantProcess<Q, A> start(Program<Q, A> program, Path log, boolean trial) {
    return new VariantProcess<>(
        ChildJvm.start(
            new ChildJvm.Program(
                VariantProcess.class,
                trial ? TRIAL_OPTIONS : options(),
                List.of(program.implementation().getName(), program.rounds().getName()),
                log)),
        program.answers());
  }

  private static List<String> options() {
    List<String> options = new ArrayList<>(OPTIONS);
    String more = System.getenv(MORE_OPTIONS);
    if (more != null && !more.isBlank()) {
      options.addAll(List.of(more.strip().split(" +")));
    }
    return options;
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

  /**
   * The process's side: does rounds until the parent ends.
   *
   * @param arguments class names of the variant and of its rounds
   */
  public static void main(String[] arguments)
      throws InterruptedException, JsonProcessingException, ReflectiveOperationException {
    Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor();
    constructor.setAccessible(true);
    @SuppressWarnings("unchecked") // the parent has checked it
    Variant<Object, ?> variant = (Variant<Object, ?>) constructor.newInstance();
    serve(variant, Class.forName(arguments[1]));
  }

  private static void serve(Variant<Object, ?> variant, Class<?> rounds)
      throws InterruptedException, JsonProcessingException {
    ParentConnection parent = ParentConnection.open();
    Logs.toStandardError();
    while (true) {
      Object round = JSON.readValue(parent.receive(), rounds);
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
