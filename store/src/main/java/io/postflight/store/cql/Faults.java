package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.InvalidKeyspaceException;
import com.datastax.oss.driver.api.core.UnsupportedProtocolVersionException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.connection.FrameTooLongException;
import com.datastax.oss.driver.api.core.servererrors.AlreadyExistsException;
import com.datastax.oss.driver.api.core.servererrors.FunctionFailureException;
import com.datastax.oss.driver.api.core.servererrors.InvalidConfigurationInQueryException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.ProtocolError;
import com.datastax.oss.driver.api.core.servererrors.SyntaxError;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.type.codec.CodecNotFoundException;
import io.postflight.store.ReadException;
import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/**
 * What can be done about a failure, read off its type; a pure function.
 *
 * <p>Whatever the driver throws and this does not know by name counts as transient: a retry too
 * many is cheaper than a row lost. A failure that is none of the driver's comes from this code or
 * from the data, so a retry would end alike.
 */
final class Faults {
  /** InvalidQueryException covers both a bad value and a schema that is not there. */
  private static final Pattern SCHEMA_MISSING =
      Pattern.compile(
          "unconfigured (table|columnfamily)"
              + "|keyspace .*does not exist"
              + "|table .*does not exist"
              + "|undefined (column|name)"
              + "|unknown (identifier|keyspace|table|type)"
              + "|no keyspace has been specified");

  private Faults() {}

  static Kind kind(Throwable fault) {
    Throwable cause = unwrap(fault);
    if (cause instanceof WriteException known) {
      return known.kind();
    }
    if (cause instanceof ReadException known) {
      return known.kind();
    }
    if (cause instanceof AllNodesFailedException nodes) {
      return ofAllNodes(nodes);
    }
    if (cause instanceof InvalidQueryException invalid) {
      String message = String.valueOf(invalid.getMessage()).toLowerCase(Locale.ROOT);
      return SCHEMA_MISSING.matcher(message).find() ? Kind.FATAL : Kind.INVALID;
    }
    if (cause instanceof AuthenticationException
        || cause instanceof UnauthorizedException
        || cause instanceof InvalidKeyspaceException
        || cause instanceof InvalidConfigurationInQueryException
        || cause instanceof AlreadyExistsException
        || cause instanceof SyntaxError
        || cause instanceof ProtocolError
        || cause instanceof UnsupportedProtocolVersionException
        || cause instanceof Error) {
      return Kind.FATAL;
    }
    if (cause instanceof FrameTooLongException
        || cause instanceof FunctionFailureException
        || cause instanceof CodecNotFoundException) {
      return Kind.INVALID;
    }
    if (cause instanceof DriverException
        || cause instanceof IllegalStateException
        || cause instanceof java.io.IOException
        || cause instanceof java.util.concurrent.CancellationException
        || cause instanceof java.util.concurrent.TimeoutException) {
      // IllegalStateException: the driver's way to say that a session is closed.
      return Kind.TRANSIENT;
    }
    return Kind.INVALID;
  }

  static WriteException write(String what, Throwable fault) {
    Throwable cause = unwrap(fault);
    return cause instanceof WriteException known
        ? known
        : new WriteException(kind(cause), what + ": " + reason(cause), cause);
  }

  static ReadException read(String what, Throwable fault) {
    Throwable cause = unwrap(fault);
    return cause instanceof ReadException known
        ? known
        : new ReadException(kind(cause), what + ": " + reason(cause), cause);
  }

  static String reason(Throwable fault) {
    Throwable cause = unwrap(fault);
    return Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
  }

  static Throwable unwrap(Throwable fault) {
    Throwable cause = fault;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Fatal only if every node says so: one that is merely away may answer otherwise. */
  private static Kind ofAllNodes(AllNodesFailedException nodes) {
    boolean allFatal =
        !nodes.getAllErrors().isEmpty()
            && nodes.getAllErrors().values().stream()
                .allMatch(
                    errors ->
                        !errors.isEmpty()
                            && errors.stream().allMatch(error -> kind(error) == Kind.FATAL));
    return allFatal ? Kind.FATAL : Kind.TRANSIENT;
  }
}
