package io.postflight.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.serde.RegistryUnavailableException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.security.auth.login.LoginException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaFaultTest {
  @ParameterizedTest
  @MethodSource("failures")
  void a_failure_has_one_meaning(KafkaFault meaning, Exception failure) {
    assertThat(KafkaFault.of(failure)).isEqualTo(meaning);
    assertThat(KafkaFault.of(new ExecutionException(failure))).isEqualTo(meaning);
    assertThat(KafkaFault.of(new KafkaException("Failed to construct", failure)))
        .isEqualTo(meaning);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(KafkaFault.UNAVAILABLE, new TimeoutException("no node")),
        Arguments.of(KafkaFault.UNAVAILABLE, new DisconnectException()),
        Arguments.of(
            KafkaFault.UNAVAILABLE,
            new ConfigException("No resolvable bootstrap urls given in bootstrap.servers")),
        Arguments.of(KafkaFault.UNAVAILABLE, new UnknownServerException("no reason")),
        Arguments.of(KafkaFault.UNAVAILABLE, new RegistryUnavailableException("503")),
        Arguments.of(
            KafkaFault.FAILED,
            new KafkaException("Failed to load SSL keystore", new IOException("no such file"))),
        Arguments.of(KafkaFault.FAILED, new LoginException("no JAAS configuration")),
        Arguments.of(KafkaFault.FAILED, new PoisonRecordException("no magic byte")),
        Arguments.of(KafkaFault.FAILED, new KafkaException("tenants-0 ends before offset 7")),
        Arguments.of(KafkaFault.REFUSED, new SaslAuthenticationException("wrong")),
        Arguments.of(KafkaFault.REFUSED, new TopicAuthorizationException("no rights")),
        Arguments.of(KafkaFault.MISCONFIGURED, new ConfigException("acks", "5")),
        Arguments.of(KafkaFault.MISCONFIGURED, new UnsupportedVersionException("too old")));
  }
}
