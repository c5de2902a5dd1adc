package io.postflight.api.http;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/**
 * Something the server cannot work without.
 *
 * @param name as shown at {@code /health/ready}
 * @param check completes if it is there, fails if it is not; never blocks
 */
public record Dependency(String name, Supplier<? extends CompletionStage<?>> check) {
  /** Kafka: is there a broker that answers? */
  public static Dependency kafka(Admin admin) {
    return new Dependency(
        "kafka",
        () ->
            admin
                .describeCluster(new DescribeClusterOptions().timeoutMs(1_500))
                .nodes()
                .toCompletionStage());
  }
}
