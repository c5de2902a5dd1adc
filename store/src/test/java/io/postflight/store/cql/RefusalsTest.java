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
import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
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

/** When what nodes refuse is fatal, by a clock that the test moves. */
class RefusalsTest {
  private static final SimpleStatement INSERT = SimpleStatement.newInstance("INSERT INTO t ...");
  private static final SimpleStatement SELECT = SimpleStatement.newInstance("SELECT ...");
  private static final Node A = node("a");
  private static final Node B = node("b");
  private static final Node C = node("c");

  private final List<Node> up = new ArrayList<>(List.of(A, B, C));
  private long nanos;
  private final Refusals refusals = new Refusals(() -> up, () -> nanos);

  @Test
  void one_node_that_refuses_does_not_end_what_has_worked() {
    succeeds(INSERT);

    for (Throwable refusal :
        List.of(
            new UnauthorizedException(A, "no MODIFY permission"),
            new ProtocolError(A, "Invalid or unsupported protocol version"),
            new InvalidQueryException(A, "unconfigured table timeline"))) {
      for (int second = 0; second < 120; second++) {
        pass(Duration.ofSeconds(1));
        assertThat(kindOf(INSERT, refusal)).isEqualTo(Kind.TRANSIENT);
      }
    }
  }

  @Test
  void what_a_node_has_refused_is_sent_to_the_others() {
    assertThat(refusals.redirected(INSERT).getNode()).isNull();
    kindOf(INSERT, refusedBy(A));

    assertThat(refusals.redirected(INSERT).getNode()).isEqualTo(B);
    assertThat(refusals.redirected(SELECT).getNode()).isNull();
    kindOf(INSERT, refusedBy(B));
    assertThat(refusals.redirected(INSERT).getNode()).isEqualTo(C);
    succeeds(INSERT);
    assertThat(refusals.redirected(INSERT).getNode()).isNull();
  }

  @Test
  void what_all_nodes_that_are_up_refuse_for_so_long_is_fatal() {
    succeeds(INSERT);
    kindOf(INSERT, refusedBy(A));
    kindOf(INSERT, refusedBy(B));
    kindOf(INSERT, refusedBy(C));
    pass(Refusals.CONFIRMED.minusSeconds(1));
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);

    pass(Duration.ofSeconds(1));

    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.FATAL);
  }

  @Test
  void a_node_that_is_down_is_not_waited_for() {
    succeeds(INSERT);
    kindOf(INSERT, refusedBy(A));
    kindOf(INSERT, refusedBy(B));
    pass(Refusals.CONFIRMED);
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);

    up.remove(C);

    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.FATAL);
  }

  @Test
  void a_success_of_the_same_statement_begins_the_time_again_and_one_of_another_does_not() {
    succeeds(INSERT);
    Stream.of(A, B, C).forEach(node -> kindOf(INSERT, refusedBy(node)));
    pass(Refusals.CONFIRMED);
    succeeds(SELECT);
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.FATAL);

    succeeds(INSERT);

    Stream.of(A, B, C)
        .forEach(node -> assertThat(kindOf(INSERT, refusedBy(node))).isEqualTo(Kind.TRANSIENT));
  }

  @Test
  void what_all_nodes_refuse_says_nothing_of_another_statement() {
    succeeds(INSERT);
    Stream.of(A, B, C).forEach(node -> kindOf(SELECT, refusedBy(node)));
    pass(Duration.ofHours(3));

    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void refusals_of_long_ago_do_not_count() {
    succeeds(INSERT);
    Stream.of(A, B, C).forEach(node -> kindOf(INSERT, refusedBy(node)));
    pass(Refusals.FORGOTTEN.plusSeconds(1));
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);
    pass(Refusals.CONFIRMED);
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);

    Stream.of(B, C).forEach(node -> kindOf(INSERT, refusedBy(node)));

    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.FATAL);
  }

  @Test
  void before_any_success_a_refusal_of_all_nodes_is_fatal_at_once_and_one_of_a_single_node_not() {
    assertThat(kindOf(INSERT, refusedBy(A))).isEqualTo(Kind.TRANSIENT);
    assertThat(kindOf(INSERT, refusedBy(B))).isEqualTo(Kind.TRANSIENT);
    assertThat(kindOf(INSERT, refusedBy(C))).isEqualTo(Kind.FATAL);
  }

  @Test
  void an_error_of_this_process_is_fatal_whatever_the_nodes_say() {
    succeeds(INSERT);

    assertThat(kindOf(INSERT, new OutOfMemoryError("heap"))).isEqualTo(Kind.FATAL);
  }

  @Test
  void a_statement_that_one_node_does_not_prepare_is_prepared_by_another() {
    Preparation preparation = new Preparation(session());
    Queue<CompletionStage<String>> answers =
        new ArrayDeque<>(
            List.of(
                CompletableFuture.failedStage(refusedBy(A)),
                CompletableFuture.failedStage(refusedBy(A)),
                CompletableFuture.completedStage("prepared")));

    assertThat(preparation.add(answers::remove)).isCompletedWithValue("prepared");
  }

  @Test
  void a_statement_that_no_node_prepares_is_refused_at_once() {
    Preparation preparation = new Preparation(session());
    Queue<CompletionStage<String>> answers =
        new ArrayDeque<>(
            Stream.of(A, B, C)
                .map(node -> CompletableFuture.<String>failedStage(refusedBy(node)))
                .toList());

    CompletableFuture<String> prepared = preparation.add(answers::remove);

    assertThat(catchThrowableOfType(CompletionException.class, prepared::join))
        .satisfies(failure -> assertThat(Faults.kind(failure)).isEqualTo(Kind.FATAL));
  }

  @Test
  void a_statement_that_one_node_never_prepares_is_tried_again_later() {
    Preparation preparation = new Preparation(session());

    CompletableFuture<String> prepared =
        preparation.add(() -> CompletableFuture.failedStage(refusedBy(A)));

    assertThat(catchThrowableOfType(CompletionException.class, prepared::join))
        .hasCauseInstanceOf(WriteException.class)
        .satisfies(failure -> assertThat(Faults.kind(failure)).isEqualTo(Kind.TRANSIENT));
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private void succeeds(SimpleStatement statement) {
    assertThat(refusals.noting(statement, CompletableFuture.completedStage(null))).isCompleted();
  }

  private Kind kindOf(SimpleStatement statement, Throwable failure) {
    CompletionStage<AsyncResultSet> failed = CompletableFuture.failedStage(failure);
    assertThat(refusals.noting(statement, failed)).isCompletedExceptionally();
    Kind kind = refusals.write("writing", failure).kind();
    assertThat(refusals.read("reading", failure).kind()).isEqualTo(kind);
    return kind;
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
            RefusalsTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> answers.get(method.getName());
                }));
  }
}
