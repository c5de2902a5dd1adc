package io.postflight.cli.admin;

import io.postflight.cli.output.CommandException;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.schema.serde.SchemaRefusedException;
import io.postflight.schema.topic.KafkaFault;
import io.postflight.store.WriteException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;

/** What a failure of a server means for the command that met it. */
public final class ServerFaults {
  private ServerFaults() {}

  /**
   * How the command ends: 3 if the server was away, 2 if it refuses us until settings or rights are
   * changed, 1 if it refuses this one thing, 130 if the command's user interrupted it.
   *
   * @param what was being done, such as {@code "Kafka at localhost:9092"}
   */
  public static CommandException of(String what, Throwable fault) {
    Throwable cause = unwrap(fault);
    if (cause instanceof CommandException known) {
      return known;
    }
    if (cause instanceof InterruptedException || cause instanceof InterruptException) {
      return CommandException.interrupted();
    }
    String message = what + ": " + reason(cause);
    if (cause instanceof WriteException write) {
      return write.kind() == WriteException.Kind.TRANSIENT
          ? CommandException.unreachable(message, cause)
          : CommandException.usage(message);
    }
    if (cause instanceof RegistryUnavailableException) {
      return CommandException.unreachable(message, cause);
    }
    if (KafkaFault.of(cause) != KafkaFault.UNAVAILABLE) {
      return CommandException.usage(message);
    }
    boolean refusal =
        cause instanceof SchemaRefusedException
            || (cause instanceof ApiException && !(cause instanceof RetriableException));
    return refusal
        ? CommandException.badAnswer(message)
        : CommandException.unreachable(message, cause);
  }

  /** What lies behind the wrappers of futures and of Kafka's clients. */
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

  /** One line that says what is wrong. */
  public static String reason(Throwable fault) {
    Throwable cause = unwrap(fault);
    String message = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}
