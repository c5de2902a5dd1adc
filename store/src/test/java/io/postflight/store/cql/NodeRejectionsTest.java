package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.EndPoint;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.ProtocolError;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When rejections by nodes are fatal, with a manual clock. */
class NodeRejectionsTest {
  private static final SimpleStatement INSERT = SimpleStatement.newInstance("INSERT INTO t ...");
  private static final SimpleStatement SELECT = SimpleStatement.newInstance("SELECT ...");
  private static final Node A = node("a");
  private static final Node B = node("b");
  private static final Node C = node("c");

  private final List<Node> up = new ArrayList<>(List.of(A, B, C));
  private long nanos;
  private final NodeRejections rejections = new NodeRejections(() -> up, () -> nanos);

  @Test
  void a_rejection_by_one_node_is_not_fatal_after_a_success() {
    succeeds(INSERT);

    for (Throwable rejection :
        List.of(
            new UnauthorizedException(A, "no MODIFY permission"),
            new ProtocolError(A, "Invalid or unsupported protocol version"),
            new InvalidQueryException(A, "unconfigured table timeline"))) {
      for (int second = 0; second < 120; second++) {
        pass(Duration.ofSeconds(1));
        assertThat(kindOf(INSERT, rejection)).isEqualTo(Kind.TRANSIENT);
      }
    }
  }

  @Test
  void a_rejected_statement_is_sent_to_other_nodes() {
    assertThat(rejections.redirected(INSERT).getNode()).isNull();
    kindOf(INSERT, refusedBy(A));

    assertThat(rejections.redirected(INSERT).getNode()).isEqualTo(B);
    assertThat(rejections.redirected(SELECT).getNode()).isNull();
    kindOf(INSERT, refusedBy(B));
    assertThat(rejections.redirected(INSERT).getNode()).isEqualTo(C);
    succeeds(INSERT);
    assertThat(rejections.redirected(INSERT).getNode()).isNull();
  }

  @Test
  void a_rejection_by_all_nodes_that_are_up_is_fatal_after_the_confirmation_time() {
    succeeds(INSERT);
    kindOf(INSERT, refusedBy(A));
    kindOf(INSERT, refusedBy(B));
    kindOf(INSERT, refusedBy(C));
    pass(NodeRejections.CONFIRMATION_TIME.minusSeconds(1));
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);

    pass(Duration.ofSeconds(1));

    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.FATAL);
  }

  @Test
  void nodes_that_are_down_are_not_required_for_confirmation() {
    succeeds(INSERT);
    kindOf(INSERT, refusedBy(A));
    kindOf(INSERT, refusedBy(B));
    pass(NodeRejections.CONFIRMATION_TIME);
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);

    up.remove(C);

    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.FATAL);
  }

  @Test
  void only_a_success_of_the_same_statement_resets_the_confirmation_time() {
    succeeds(INSERT);
    Stream.of(A, B, C).forEach(node -> kindOf(INSERT, refusedBy(node)));
    pass(NodeRejections.CONFIRMATION_TIME);
    succeeds(SELECT);
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.FATAL);

    succeeds(INSERT);

    Stream.of(A, B, C)
        .forEach(node -> assertThat(kindOf(INSERT, refusedBy(node))).isEqualTo(Kind.TRANSIENT));
  }

  @Test
  void a_rejection_by_all_nodes_does_not_affect_other_statements() {
    succeeds(INSERT);
    Stream.of(A, B, C).forEach(node -> kindOf(SELECT, refusedBy(node)));
    pass(Duration.ofHours(3));

    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void expired_rejections_do_not_count() {
    succeeds(INSERT);
    Stream.of(A, B, C).forEach(node -> kindOf(INSERT, refusedBy(node)));
    pass(NodeRejections.EXPIRY.plusSeconds(1));
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);
    pass(NodeRejections.CONFIRMATION_TIME);
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);

    Stream.of(B, C).forEach(node -> kindOf(INSERT, refusedBy(node)));

    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.FATAL);
  }

  @Test
  void a_statement_that_is_used_for_the_first_time_is_confirmed_for_as_long_as_any_other() {
    succeeds(INSERT);
    Stream.of(A, B, C)
        .forEach(node -> assertThat(kindOf(SELECT, refusedBy(node))).isEqualTo(Kind.TRANSIENT));

    pass(NodeRejections.CONFIRMATION_TIME);

    assertThat(kindOf(SELECT, refusedBy(A))).isEqualTo(Kind.FATAL);
  }

  @Test
  void before_any_success_only_a_rejection_by_all_nodes_is_fatal_and_immediately() {
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);
    assertThat(kindOf(INSERT, refusedBy(B))).isEqualTo(Kind.TRANSIENT);
    assertThat(kindOf(INSERT, refusedBy(C))).isEqualTo(Kind.FATAL);
  }

  @Test
  void an_error_of_this_process_is_fatal_regardless_of_the_nodes() {
    succeeds(INSERT);

    assertThat(kindOf(INSERT, new OutOfMemoryError("heap"))).isEqualTo(Kind.FATAL);
  }

  @Test
  void a_statement_that_one_node_rejects_is_prepared_by_another() {
    StatementPreparation preparation = new StatementPreparation(session());
    Queue<CompletionStage<String>> answers =
        new ArrayDeque<>(
            List.of(
                CompletableFuture.failedStage(refusedBy(A)),
                CompletableFuture.failedStage(refusedBy(A)),
                CompletableFuture.completedStage("prepared")));

    assertThat(preparation.add(answers::remove)).isCompletedWithValue("prepared");
  }

  @Test
  void a_statement_that_all_nodes_reject_fails_immediately() {
    StatementPreparation preparation = new StatementPreparation(session());
    Queue<CompletionStage<String>> answers =
        new ArrayDeque<>(
            Stream.of(A, B, C)
                .map(node -> CompletableFuture.<String>failedStage(refusedBy(node)))
                .toList());

    CompletableFuture<String> prepared = preparation.add(answers::remove);

    assertThat(catchThrowableOfType(CompletionException.class, prepared::join))
        .satisfies(failure -> assertThat(DriverFailures.kind(failure)).isEqualTo(Kind.FATAL));
  }

  @Test
  void a_statement_that_one_node_always_rejects_is_retried_later() {
    StatementPreparation preparation = new StatementPreparation(session());

    CompletableFuture<String> prepared =
        preparation.add(() -> CompletableFuture.failedStage(refusedBy(A)));

    assertThat(catchThrowableOfType(CompletionException.class, prepared::join))
        .hasCauseInstanceOf(StoreException.class)
        .satisfies(failure -> assertThat(DriverFailures.kind(failure)).isEqualTo(Kind.TRANSIENT));
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private void succeeds(SimpleStatement statement) {
    assertThat(rejections.recording(statement, CompletableFuture.completedStage(null)))
        .isCompleted();
  }

  private Kind kindOf(SimpleStatement statement, Throwable failure) {
    CompletionStage<AsyncResultSet> failed = CompletableFuture.failedStage(failure);
    assertThat(rejections.recording(statement, failed)).isCompletedExceptionally();
    return rejections.failure("writing", failure).kind();
  }

  private static UnauthorizedException refusedBy(Node node) {
    return new UnauthorizedException(node, "no MODIFY permission");
  }

  private CqlSession session() {
    Map<UUID, Node> nodes =
        up.stream().collect(Collectors.toMap(node -> UUID.randomUUID(), node -> node));
    Metadata metadata = stub(Metadata.class, Map.of("getNodes", nodes));
    return stub(CqlSession.class, Map.of("getMetadata", metadata));
  }

  private static Node node(String name) {
    EndPoint endPoint = stub(EndPoint.class, Map.of("toString", name));
    return stub(
        Node.class,
        Map.of(
            "toString",
            name,
            "getState",
            NodeState.UP,
            "getDistance",
            NodeDistance.LOCAL,
            "getEndPoint",
            endPoint));
  }

  private static <T> T stub(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            NodeRejectionsTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> answers.get(method.getName());
                }));
  }
}
