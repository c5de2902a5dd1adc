package io.postflight.operations.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postflight.operations.OperationException;
import io.postflight.operations.OperationException.FailureKind;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  @Test
  void a_refusal_by_kafka_is_not_reported_as_an_unreachable_server() {
    assertThat(kindOf(new SaslAuthenticationException("wrong password")))
        .isEqualTo(FailureKind.USAGE);
    assertThat(kindOf(new TopicAuthorizationException("dead.letters")))
        .isEqualTo(FailureKind.USAGE);
    assertThat(kindOf(new TimeoutException("late"))).isEqualTo(FailureKind.UNREACHABLE);
  }

  private static FailureKind kindOf(KafkaException failure) {
    return catchThrowableOfType(
            OperationException.class,
            () ->
                DeadLetters.mapped(
                    "127.0.0.1:9",
                    () -> {
                      throw failure;
                    }))
        .kind();
  }
}
