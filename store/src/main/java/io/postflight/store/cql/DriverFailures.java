package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.InvalidKeyspaceException;
import com.datastax.oss.driver.api.core.UnsupportedProtocolVersionException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.connection.FrameTooLongException;
import com.datastax.oss.driver.api.core.servererrors.AlreadyExistsException;
import com.datastax.oss.driver.api.core.servererrors.CoordinatorException;
import com.datastax.oss.driver.api.core.servererrors.FunctionFailureException;
import com.datastax.oss.driver.api.core.servererrors.InvalidConfigurationInQueryException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.ProtocolError;
import com.datastax.oss.driver.api.core.servererrors.SyntaxError;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.WriteFailureException;
import com.datastax.oss.driver.api.core.type.codec.CodecNotFoundException;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Classifies failures of the driver by type; a pure function.
 *
 * <p>An unknown exception of the driver counts as TRANSIENT, since an unnecessary retry is cheaper
 * than a lost row. Any other exception stems from this code or from the data and counts as INVALID,
 * since a retry would fail the same way.
 */
final class DriverFailures {
  /** InvalidQueryException covers invalid values, a missing schema, and a full disk. */
  private static final Pattern SCHEMA_MISSING =
      Pattern.compile(
          "unconfigured (table|columnfamily)"
              + "|keyspace .*does not exist"
              + "|table .*does not exist"
              + "|undefined (column|name)"
              + "|unknown (identifier|keyspace|table|type)"
              + "|no keyspace has been specified");

  /**
   * Servers that monitor their disk reject all writes regardless of the row: Cassandra by its
   * guardrail on disk usage, as an invalid query; ScyllaDB (2025.4 and later) at critical disk
   * utilization. A pattern for guardrails in general would be too wide, since others reject a row
   * because of its contents.
   */
  private static final Pattern DISK_GUARDED =
      Pattern.compile("disk usage exceeds failure threshold|critical disk utilization");

  /** Errors of the file system, passed on by servers that do not monitor their disk. */
  private static final Pattern DISK_FULL =
      Pattern.compile("no space left on device|insufficient disk space|disk quota exceeded");

  private static final Pattern DISK_READ_ONLY = Pattern.compile("read-only file system");

  private DriverFailures() {}

  static Kind kind(Throwable fault) {
    Throwable cause = FutureFailures.unwrap(fault);
    if (cause instanceof StoreException known) {
      return known.kind();
    }
    if (cause instanceof AllNodesFailedException nodes) {
      return ofAllNodes(nodes);
    }
    if (cause instanceof InvalidQueryException invalid) {
      return ofInvalid(invalid);
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
      // IllegalStateException: the session is closed.
      return Kind.TRANSIENT;
    }
    return Kind.INVALID;
  }

  static StoreException of(String what, Throwable fault) {
    Throwable cause = FutureFailures.unwrap(fault);
    if (cause instanceof StoreException known) {
      return known;
    }
    String disk = disk(cause);
    if (disk != null) {
      return StoreException.diskFull(
          what + ": the database's disk is " + disk + ": " + reason(cause), cause);
    }
    return new StoreException(kind(cause), what + ": " + reason(cause), cause);
  }

  static String reason(Throwable fault) {
    Throwable cause = FutureFailures.unwrap(fault);
    String message =
        Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    // The driver drops the server's message of this error only.
    return cause instanceof WriteFailureException
        ? message
            + "; see the replicas' logs for the cause: ScyllaDB responds so when a disk is almost full"
        : message;
  }

  /** The state of the server's disk according to the failure; null if it does not mention it. */
  private static @Nullable String disk(Throwable cause) {
    boolean reported =
        cause instanceof CoordinatorException || cause instanceof AllNodesFailedException;
    if (!reported || kind(cause) != Kind.TRANSIENT) {
      return null;
    }
    if (matches(cause, DISK_READ_ONLY)) {
      return "read-only";
    }
    return matches(cause, DISK_GUARDED) || matches(cause, DISK_FULL) ? "full" : null;
  }

  private static Kind ofInvalid(InvalidQueryException invalid) {
    if (matches(invalid, DISK_GUARDED)) {
      return Kind.TRANSIENT;
    }
    return matches(invalid, SCHEMA_MISSING) ? Kind.FATAL : Kind.INVALID;
  }

  private static boolean matches(Throwable cause, Pattern what) {
    return what.matcher(String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT)).find();
  }

  /** FATAL only if every node reports it: an unavailable node may respond differently. */
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
