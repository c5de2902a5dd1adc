package io.postflight.api.http;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/**
 * A dependency of a process.
 *
 * @param name as in {@code /health/status}
 * @param necessary whether the process cannot work without it: {@code /health/ready} depends only
 *     on these
 * @param check completes if it is available, fails otherwise; never blocks
 */
public record Dependency(
    String name, boolean necessary, Supplier<? extends CompletionStage<?>> check) {
  /** Creates a dependency that does not affect readiness. */
  public Dependency(String name, Supplier<? extends CompletionStage<?>> check) {
    this(name, false, check);
  }

  /** A copy that affects readiness. */
  public Dependency asNecessary() {
    return new Dependency(name, true, check);
  }

  /** Kafka, which every role requires: checks that a broker responds. */
  public static Dependency kafka(Admin admin) {
    return new Dependency(
        "kafka",
        true,
        () ->
            admin
                .describeCluster(new DescribeClusterOptions().timeoutMs(1_500))
                .nodes()
                .toCompletionStage());
  }
}
