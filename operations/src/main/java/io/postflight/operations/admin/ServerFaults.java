package io.postflight.operations.admin;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import io.postflight.operations.OperationException;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.schema.serde.SchemaRefusedException;
import io.postflight.schema.topic.KafkaFault;
import io.postflight.schema.topic.MissingTopicException;
import io.postflight.schema.topic.PartitionCountException;
import io.postflight.store.StoreException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/** Maps failures of servers to failures of operations. */
public final class ServerFaults {
  private ServerFaults() {}

  /**
   * The failure of an operation: unreachable if the server is unavailable, usage if it rejects this
   * client until settings or permissions change, negative if it rejects only this request,
   * interrupted if the thread was interrupted.
   *
   * @param what was being done, such as {@code "Kafka at localhost:9092"}
   */
  public static OperationException of(String what, Throwable fault) {
    Throwable cause = unwrap(fault);
    if (cause instanceof OperationException known) {
      return known;
    }
    if (cause instanceof InterruptedException || cause instanceof InterruptException) {
      return OperationException.interrupted();
    }
    String message = what + ": " + reason(cause);
    if (cause instanceof StoreException write) {
      return write.kind() == StoreException.Kind.TRANSIENT
          ? OperationException.unreachable(message, cause)
          : OperationException.usage(message);
    }
    if (cause instanceof MissingTopicException || cause instanceof PartitionCountException) {
      return OperationException.usage(message);
    }
    if (cause instanceof RegistryUnavailableException) {
      return OperationException.unreachable(message, cause);
    }
    KafkaFault kafka = KafkaFault.of(fault);
    if (kafka == KafkaFault.REFUSED || kafka == KafkaFault.MISCONFIGURED || isRefusedLogin(cause)) {
      return OperationException.usage(message);
    }
    boolean refusal =
        cause instanceof SchemaRefusedException
            || (cause instanceof ApiException && !(cause instanceof RetriableException));
    if (refusal) {
      return OperationException.negative(message);
    }
    return FutureFailures.unwrap(fault) instanceof KafkaException && kafka == KafkaFault.FAILED
        ? OperationException.usage(message)
        : OperationException.unreachable(message, cause);
  }

  /**
   * A server has not responded in time.
   *
   * @param what it, such as {@code "tier 30d at localhost:9042"}
   */
  public static OperationException noResponse(String what, Duration limit) {
    return OperationException.unreachable(
        what + ": no response within " + limit.toMillis() / 1e3 + " s");
  }

  /** The root cause of a fault, described if it is a common one. */
  static String deepest(Throwable fault) {
    Throwable cause = fault;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
      return "its host name cannot be resolved";
    }
    if (cause instanceof ConnectException) {
      return "connection refused";
    }
    if (cause instanceof ClosedChannelException) {
      return "connection closed";
    }
    if (cause instanceof HttpTimeoutException) {
      return "timed out";
    }
    return cause instanceof DriverTimeoutException ? "timed out" : firstLine(cause);
  }

  private static String firstLine(Throwable cause) {
    String message = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
    return message.lines().findFirst().orElse(message);
  }

  /** Whether a database rejects the credentials. */
  private static boolean isRefusedLogin(Throwable cause) {
    return cause instanceof AllNodesFailedException none
        && none.getAllErrors().values().stream()
            .flatMap(List::stream)
            .anyMatch(AuthenticationException.class::isInstance);
  }

  /** The cause below the wrappers of futures and of Kafka's clients. */
  static Throwable unwrap(Throwable fault) {
    Throwable cause = fault;
    while (cause.getCause() != null
        && (cause instanceof ExecutionException
            || cause instanceof CompletionException
            || cause.getClass() == KafkaException.class)) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** The cause in one line, without class names if it is a common one. */
  public static String reason(Throwable fault) {
    Throwable cause = unwrap(fault);
    if (cause instanceof TimeoutException || cause instanceof DisconnectException) {
      return "no broker responds";
    }
    if (cause instanceof StoreException && cause.getCause() instanceof AllNodesFailedException) {
      return reason(cause.getCause());
    }
    if (cause instanceof AllNodesFailedException none) {
      String reasons =
          none.getAllErrors().values().stream()
              .flatMap(List::stream)
              .map(ServerFaults::deepest)
              .distinct()
              .limit(2)
              .collect(Collectors.joining(", "));
      return "no node is reachable" + (reasons.isEmpty() ? "" : " (" + reasons + ")");
    }
    return firstLine(cause);
  }
}
