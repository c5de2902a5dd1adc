package io.postflight.api.http;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/**
 * Something that a process works with.
 *
 * @param name as shown at {@code /health/status}
 * @param necessary whether the process can do its work only with it: {@code /health/ready} follows
 *     these alone
 * @param check completes if it is available, fails if it is not; never blocks
 */
public record Dependency(
    String name, boolean necessary, Supplier<? extends CompletionStage<?>> check) {
  /** A dependency that readiness does not follow. */
  public Dependency(String name, Supplier<? extends CompletionStage<?>> check) {
    this(name, false, check);
  }

  /** The same as one that readiness follows. */
  public Dependency asNecessary() {
    return new Dependency(name, true, check);
  }

  /** Kafka, which no role can do without: is there a broker that answers? */
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
