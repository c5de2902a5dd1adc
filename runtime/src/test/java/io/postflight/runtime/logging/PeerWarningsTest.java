package io.postflight.runtime.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.util.CompositeException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.postflight.schema.log.ThrottledLog;
import org.junit.jupiter.api.Test;

class PeerWarningsTest {
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  PeerWarningsTest() {
    context.addTurboFilter(new PeerWarnings(new ThrottledLog(context.getLogger("peers"))));
    logged.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(logged);
    context.getLogger("peers").setLevel(Level.WARN);
  }

  @Test
  void faults_of_peers_are_one_line_without_a_stack_trace() {
    Logger server = context.getLogger("com.linecorp.armeria.internal.common.Handler");
    for (int i = 0; i < 1_000; i++) {
      Http2Exception thrown = new Http2Exception(Http2Error.ENHANCE_YOUR_CALM, "too many");
      server.warn("{} HTTP/2 connection error: {}", "channel " + i, thrown.getMessage(), thrown);
    }

    assertThat(logged.list).hasSize(1);
    assertThat(logged.list.get(0).getThrowableProxy()).isNull();
    assertThat(logged.list.get(0).getFormattedMessage())
        .contains("\"[...] HTTP/2 connection error: [...]\"", "too many")
        .doesNotContain("channel 0");
  }

  @Test
  void an_exception_of_the_server_itself_has_no_stack_trace() {
    context
        .getLogger("com.linecorp.armeria.internal.common.stream.FixedStreamMessage")
        .warn(
            "Subscriber.{}() should not raise an exception. subscriber: {}",
            "onError",
            "acme",
            new CompositeException(
                ClosedSessionException.get(), new IllegalStateException("after a reset")));

    assertThat(logged.list.get(0).getThrowableProxy()).isNull();
    assertThat(logged.list.get(0).getFormattedMessage())
        .contains("Subscriber.[...]() should not", "subscriber: [...]", "2 exceptions occurred");
  }

  @Test
  void an_unavailable_broker_is_one_line_for_all_clients_and_attempts() {
    Logger client = context.getLogger("org.apache.kafka.clients.NetworkClient");
    for (int i = 0; i < 1_000; i++) {
      String name = "[Producer clientId=producer-" + i % 5 + "] ";
      client.warn(name + "Connection to node -1 (localhost/127.0.0.1:9092) could not be made.");
      client.warn(name + "Bootstrap broker localhost:9092 (id: -" + i % 3 + ") disconnected");
    }

    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "Kafka's client: [Producer clientId=producer-0] Connection to node -1"
                + " (localhost/127.0.0.1:9092) could not be made.",
            "Kafka's client: [Producer clientId=producer-0] Bootstrap broker localhost:9092 (id:"
                + " -0) disconnected");
  }

  @Test
  void a_bug_keeps_its_stack_trace() {
    context.getLogger("io.netty.util").warn("a listener threw", new IllegalStateException("bug"));

    assertThat(logged.list.get(0).getThrowableProxy()).isNotNull();
  }

  @Test
  void errors_and_other_loggers_are_left_alone() {
    for (int i = 0; i < 2; i++) {
      context.getLogger("io.netty.util").error("it leaks");
      context.getLogger("io.postflight.sink").warn("a warning");
    }

    assertThat(logged.list).hasSize(4);
  }
}
