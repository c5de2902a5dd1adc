package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.InvalidKeyspaceException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.NodeUnavailableException;
import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.connection.FrameTooLongException;
import com.datastax.oss.driver.api.core.metadata.EndPoint;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.BootstrappingException;
import com.datastax.oss.driver.api.core.servererrors.DefaultWriteType;
import com.datastax.oss.driver.api.core.servererrors.InvalidConfigurationInQueryException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.ProtocolError;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import com.datastax.oss.driver.api.core.servererrors.SyntaxError;
import com.datastax.oss.driver.api.core.servererrors.TruncateException;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import com.datastax.oss.driver.api.core.servererrors.WriteFailureException;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.codec.CodecNotFoundException;
import com.datastax.oss.driver.api.core.type.reflect.GenericType;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DriverFailuresTest {
  private static final Node NODE = stub(Node.class);
  private static final ConsistencyLevel QUORUM = DefaultConsistencyLevel.LOCAL_QUORUM;

  @ParameterizedTest
  @MethodSource("faults")
  void a_failure_has_the_same_kind_in_reads_and_writes(Kind kind, Throwable fault) {
    assertThat(DriverFailures.kind(fault)).isEqualTo(kind);
    assertThat(DriverFailures.kind(new CompletionException(fault))).isEqualTo(kind);
    assertThat(DriverFailures.of("writing", fault).kind()).isEqualTo(kind);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(Kind.TRANSIENT, new DriverTimeoutException("late")),
        Arguments.of(
            Kind.TRANSIENT,
            new WriteTimeoutException(NODE, QUORUM, 1, 2, DefaultWriteType.UNLOGGED_BATCH)),
        Arguments.of(Kind.TRANSIENT, new ReadTimeoutException(NODE, QUORUM, 1, 2, false)),
        Arguments.of(
            Kind.TRANSIENT,
            new WriteFailureException(NODE, QUORUM, 1, 2, DefaultWriteType.SIMPLE, 1, Map.of())),
        Arguments.of(Kind.TRANSIENT, new UnavailableException(NODE, QUORUM, 2, 1)),
        Arguments.of(Kind.TRANSIENT, new OverloadedException(NODE)),
        Arguments.of(Kind.TRANSIENT, new BootstrappingException(NODE)),
        Arguments.of(Kind.TRANSIENT, new TruncateException(NODE, "?")),
        Arguments.of(Kind.TRANSIENT, new ServerError(NODE, "java.lang.NullPointerException")),
        Arguments.of(Kind.TRANSIENT, new NoNodeAvailableException()),
        Arguments.of(Kind.TRANSIENT, new NodeUnavailableException(NODE)),
        Arguments.of(Kind.TRANSIENT, new BusyConnectionException(1024)),
        Arguments.of(Kind.TRANSIENT, new ClosedConnectionException("closed")),
        Arguments.of(Kind.TRANSIENT, new RequestThrottlingException("full")),
        Arguments.of(Kind.TRANSIENT, new ConnectException("refused")),
        Arguments.of(Kind.TRANSIENT, new IllegalStateException("Session is closed")),
        Arguments.of(Kind.INVALID, invalid("Key length of 70000 is longer than maximum of 65535")),
        Arguments.of(
            Kind.INVALID,
            invalid(
                "Guardrail column_value_size violated: Value of column body has size 2.000MiB, this"
                    + " exceeds the failure threshold of 1.000MiB.")),
        Arguments.of(Kind.INVALID, invalid("Batch too large")),
        Arguments.of(Kind.INVALID, invalid("Key may not be empty")),
        Arguments.of(
            Kind.INVALID,
            new FrameTooLongException(InetSocketAddress.createUnresolved("cql", 9042), "too long")),
        Arguments.of(Kind.INVALID, new CodecNotFoundException(DataTypes.TEXT, GenericType.INTEGER)),
        Arguments.of(Kind.INVALID, new IllegalArgumentException("no such column")),
        Arguments.of(Kind.INVALID, new ClassCastException("String")),
        Arguments.of(Kind.FATAL, invalid("unconfigured table timeline")),
        Arguments.of(Kind.FATAL, invalid("table timeline does not exist")),
        Arguments.of(Kind.FATAL, invalid("Keyspace t30d does not exist")),
        Arguments.of(Kind.FATAL, invalid("Undefined column name body in table t30d.message")),
        Arguments.of(Kind.FATAL, new SyntaxError(NODE, "line 1:0")),
        Arguments.of(Kind.FATAL, new UnauthorizedException(NODE, "no MODIFY permission")),
        Arguments.of(Kind.FATAL, new AuthenticationException(stub(EndPoint.class), "wrong")),
        Arguments.of(Kind.FATAL, new InvalidConfigurationInQueryException(NODE, "dc2")),
        Arguments.of(Kind.FATAL, new InvalidKeyspaceException("t30d")),
        Arguments.of(Kind.FATAL, new ProtocolError(NODE, "version")),
        Arguments.of(Kind.FATAL, new OutOfMemoryError("heap")),
        Arguments.of(Kind.FATAL, new StoreException(Kind.FATAL, "known")));
  }

  @Test
  void when_every_node_failed_only_a_unanimous_rejection_is_fatal() {
    Node other = stub(Node.class);
    Throwable rejected = new AuthenticationException(stub(EndPoint.class), "wrong");
    Throwable unavailable = new ClosedConnectionException("unavailable");
    assertThat(DriverFailures.kind(nodes(Map.of(NODE, List.of(rejected))))).isEqualTo(Kind.FATAL);
    assertThat(DriverFailures.kind(nodes(Map.of(NODE, List.of(unavailable)))))
        .isEqualTo(Kind.TRANSIENT);
    assertThat(
            DriverFailures.kind(
                nodes(Map.of(NODE, List.of(rejected), other, List.of(unavailable)))))
        .isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void the_message_names_the_request_and_the_reason() {
    assertThat(DriverFailures.of("writing row x", new CompletionException(invalid("Key too long"))))
        .hasMessage("writing row x: Key too long");
  }

  @ParameterizedTest
  @MethodSource("fullDisks")
  void a_full_disk_is_transient_and_named(Throwable fault) {
    StoreException write = DriverFailures.of("writing row x", new CompletionException(fault));
    assertThat(write.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(write.diskFull()).isTrue();
    assertThat(write)
        .hasMessageStartingWith("writing row x: the database's disk is full: ")
        .hasMessageContaining(fault.getMessage());
  }

  static Stream<Throwable> fullDisks() {
    return Stream.of(
        // Cassandra 4.1 and 5.0, guardrail data_disk_usage_percentage_fail_threshold; as reported
        // by 5.0.9.
        invalid(
            "Guardrail replica_disk_usage violated: Write request failed because disk usage exceeds"
                + " failure threshold"),
        // DataStax Enterprise and others that name no guardrail.
        invalid("Write request failed because disk usage exceeds failure threshold"),
        // ScyllaDB, "Critical disk utilization" in its manual's error messages, if a driver passes
        // its message on.
        new ServerError(NODE, "Critical disk utilization: rejected write mutation"),
        invalid("Critical disk utilization: rejected write mutation"),
        // Cassandra's FSWriteError and FSDiskFullWriteError, ENOSPC in any server.
        new ServerError(
            NODE,
            "org.apache.cassandra.io.FSWriteError: java.io.IOException: No space left on device"),
        new ServerError(NODE, "Insufficient disk space to write 1048576 bytes"),
        nodes(Map.of(NODE, List.of(new ServerError(NODE, "No space left on device")))));
  }

  @Test
  void a_read_only_disk_is_transient_and_named() {
    Throwable fault = new ServerError(NODE, "java.io.IOException: Read-only file system");
    StoreException write = DriverFailures.of("writing row x", fault);
    assertThat(write.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(write.diskFull()).isTrue();
    assertThat(write).hasMessageStartingWith("writing row x: the database's disk is read-only: ");
  }

  @Test
  void text_about_disks_in_a_row_is_not_taken_for_a_full_disk() {
    Throwable fault = invalid("cannot parse 'No space left on device' as hex bytes");
    assertThat(DriverFailures.of("writing", fault).kind()).isEqualTo(Kind.INVALID);
    assertThat(DriverFailures.of("writing", fault).diskFull()).isFalse();
  }

  @Test
  void a_failure_on_a_replica_refers_to_its_log() {
    Throwable fault =
        new WriteFailureException(NODE, QUORUM, 1, 2, DefaultWriteType.SIMPLE, 1, Map.of());
    assertThat(DriverFailures.of("writing row x", fault))
        .hasMessageContaining("replicas' logs")
        .hasMessageContaining("ScyllaDB");
  }

  private static InvalidQueryException invalid(String message) {
    return new InvalidQueryException(NODE, message);
  }

  private static AllNodesFailedException nodes(Map<Node, List<Throwable>> errors) {
    return AllNodesFailedException.fromErrors(
        errors.entrySet().stream()
            .flatMap(node -> node.getValue().stream().map(error -> Map.entry(node.getKey(), error)))
            .toList());
  }

  private static <T> T stub(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            DriverFailuresTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  case "toString" -> type.getSimpleName();
                  default -> null;
                }));
  }
}
