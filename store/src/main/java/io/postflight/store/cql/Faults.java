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
import io.postflight.store.ReadException;
import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What can be done about a failure, read off its type; a pure function.
 *
 * <p>Whatever the driver throws and this does not know by name counts as transient: a retry too
 * many is cheaper than a row lost. A failure that is none of the driver's comes from this code or
 * from the data, so a retry would end alike.
 */
final class Faults {
  /** InvalidQueryException covers a bad value, a schema that is not there, and a full disk. */
  private static final Pattern SCHEMA_MISSING =
      Pattern.compile(
          "unconfigured (table|columnfamily)"
              + "|keyspace .*does not exist"
              + "|table .*does not exist"
              + "|undefined (column|name)"
              + "|unknown (identifier|keyspace|table|type)"
              + "|no keyspace has been specified");

  /**
   * A server that looks after its disk refuses each write of everybody, whatever the row: Cassandra
   * by its guardrail on disk usage, as an invalid query of all things; ScyllaDB (2025.4 and later)
   * at critical disk utilization. A pattern for the guardrail's name would be too wide: others of
   * them refuse a row for what it is.
   */
  private static final Pattern DISK_GUARDED =
      Pattern.compile("disk usage exceeds failure threshold|critical disk utilization");

  /** What a file system says through a server that does not look after its disk. */
  private static final Pattern DISK_FULL =
      Pattern.compile("no space left on device|insufficient disk space|disk quota exceeded");

  private static final Pattern DISK_READ_ONLY = Pattern.compile("read-only file system");

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
      // IllegalStateException: the driver's way to say that a session is closed.
      return Kind.TRANSIENT;
    }
    return Kind.INVALID;
  }

  static WriteException write(String what, Throwable fault) {
    Throwable cause = unwrap(fault);
    if (cause instanceof WriteException known) {
      return known;
    }
    String disk = disk(cause);
    if (disk != null) {
      return WriteException.diskFull(
          what + ": the database's disk is " + disk + ": " + reason(cause), cause);
    }
    return new WriteException(kind(cause), what + ": " + reason(cause), cause);
  }

  static ReadException read(String what, Throwable fault) {
    Throwable cause = unwrap(fault);
    return cause instanceof ReadException known
        ? known
        : new ReadException(kind(cause), what + ": " + reason(cause), cause);
  }

  static String reason(Throwable fault) {
    Throwable cause = unwrap(fault);
    String said = Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    // The driver drops the server's words from this answer alone.
    return cause instanceof WriteFailureException
        ? said + "; why is in the replicas' logs: ScyllaDB answers so when a disk is almost full"
        : said;
  }

  static Throwable unwrap(Throwable fault) {
    Throwable cause = fault;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** What a server says of its disk; null: nothing. */
  private static @Nullable String disk(Throwable cause) {
    boolean said =
        cause instanceof CoordinatorException || cause instanceof AllNodesFailedException;
    if (!said || kind(cause) != Kind.TRANSIENT) {
      return null;
    }
    if (says(cause, DISK_READ_ONLY)) {
      return "read-only";
    }
    return says(cause, DISK_GUARDED) || says(cause, DISK_FULL) ? "full" : null;
  }

  private static Kind ofInvalid(InvalidQueryException invalid) {
    if (says(invalid, DISK_GUARDED)) {
      return Kind.TRANSIENT;
    }
    return says(invalid, SCHEMA_MISSING) ? Kind.FATAL : Kind.INVALID;
  }

  private static boolean says(Throwable cause, Pattern what) {
    return what.matcher(String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT)).find();
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
