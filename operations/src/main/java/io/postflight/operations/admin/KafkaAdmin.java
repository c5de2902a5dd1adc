package io.postflight.operations.admin;

import io.postflight.operations.KafkaSettings;
import io.postflight.operations.OperationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaFuture;

/** An Admin client with timeouts for interactive commands. */
public final class KafkaAdmin implements AutoCloseable {
  private static final String REQUEST_MILLIS = "4000";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Admin admin;
  private final String where;

  private KafkaAdmin(Admin admin, String where) {
    this.admin = admin;
    this.where = where;
  }

  /**
   * Opens a client; does not connect yet.
   *
   * @throws OperationException if the settings of Kafka's clients do not allow it
   */
  public static KafkaAdmin open(KafkaSettings settings) {
    return open(settings, TIMEOUT);
  }

  /**
   * The same with another timeout.
   *
   * @param timeout timeout of a call
   */
  public static KafkaAdmin open(KafkaSettings settings, Duration timeout) {
    String where = "Kafka at " + settings.bootstrapServers();
    Map<String, Object> client = new HashMap<>();
    client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
    client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(timeout.toMillis()));
    client.putAll(settings.clientProperties());
    try {
      return new KafkaAdmin(Admin.create(client), where);
    } catch (RuntimeException refused) {
      throw ServerFaults.of(where, refused);
    }
  }

  /** The client itself. */
  public Admin client() {
    return admin;
  }

  /**
   * Awaits the result of a call.
   *
   * @throws OperationException if Kafka is unavailable or refuses, or the wait is interrupted
   */
  public <T> T get(KafkaFuture<T> call) {
    try {
      return call.get();
    } catch (InterruptedException | ExecutionException failure) {
      throw ServerFaults.of(where, failure);
    }
  }

  /**
   * Checks that a broker responds.
   *
   * @throws OperationException if none does
   */
  public void requireReachable() {
    get(admin.describeCluster().nodes());
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
