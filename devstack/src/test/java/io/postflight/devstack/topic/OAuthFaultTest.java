package io.postflight.devstack.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import io.postflight.schema.topic.KafkaFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Failures of a client that gets its token from an OAuth endpoint, as Kafka's clients throw them.
 */
class OAuthFaultTest {
  private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

  private HttpServer endpoint;
  private String url = "";

  @BeforeEach
  void start() throws IOException {
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    url = "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/token";
    System.setProperty(ALLOWED_URLS, url);
    endpoint.start();
  }

  @AfterEach
  void stop() {
    endpoint.stop(0);
    System.clearProperty(ALLOWED_URLS);
  }

  @Test
  void an_endpoint_that_is_unavailable_is_transient() {
    endpoint.stop(0);

    assertThat(fault()).isEqualTo(KafkaFault.UNAVAILABLE);
  }

  @Test
  void an_endpoint_that_fails_is_transient() {
    answer(503);

    assertThat(fault()).isEqualTo(KafkaFault.UNAVAILABLE);
  }

  @Test
  void an_endpoint_that_rejects_the_credentials_is_not() {
    answer(401);

    assertThat(fault()).isEqualTo(KafkaFault.REFUSED);
  }

  private void answer(int status) {
    endpoint.createContext(
        "/token",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
  }

  private KafkaFault fault() {
    Throwable failure =
        catchThrowable(
            () ->
                Admin.create(
                        Map.of(
                            "bootstrap.servers", "127.0.0.1:9",
                            "security.protocol", "SASL_PLAINTEXT",
                            "sasl.mechanism", "OAUTHBEARER",
                            "sasl.login.callback.handler.class",
                                OAuthBearerLoginCallbackHandler.class.getName(),
                            "sasl.oauthbearer.token.endpoint.url", url,
                            "sasl.login.retry.backoff.ms", "1",
                            "sasl.login.retry.backoff.max.ms", "5",
                            "sasl.jaas.config",
                                OAuthBearerLoginModule.class.getName()
                                    + " required clientId=\"c\" clientSecret=\"s\";"))
                    .close());
    return KafkaFault.of(failure);
  }
}
