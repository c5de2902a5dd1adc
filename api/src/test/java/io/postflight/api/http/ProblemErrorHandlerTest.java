package io.postflight.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ShuttingDownException;
import com.linecorp.armeria.server.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class ProblemErrorHandlerTest {
  @Test
  void a_closed_session_is_the_senders_fault() throws Exception {
    assertThat(status(ClosedSessionException.get())).isEqualTo(400);
  }

  @Test
  void other_failures_are_ours_while_the_connection_is_open() throws Exception {
    assertThat(status(new IOException("no space left on device"))).isEqualTo(500);
    assertThat(status(new CancellationException())).isEqualTo(500);
  }

  @Test
  void while_the_server_shuts_down_it_is_unavailable() throws Exception {
    assertThat(status(ShuttingDownException.get())).isEqualTo(503);
  }

  private static int status(Throwable failure) throws Exception {
    try (Server server =
        Server.builder()
            .http(0)
            .service("/", (ctx, request) -> HttpResponse.ofFailure(failure))
            .errorHandler(new ProblemErrorHandler())
            .build()) {
      server.start().join();
      URI uri = URI.create("http://127.0.0.1:" + server.activeLocalPort() + "/");
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
    }
  }
}
