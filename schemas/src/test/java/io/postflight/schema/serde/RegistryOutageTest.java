package io.postflight.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Failures as our serdes and Confluent's throw them. */
class RegistryOutageTest {
  @ParameterizedTest
  @MethodSource("outages")
  void an_outage_of_the_registry_is_recognized(Throwable failure) {
    assertThat(RegistryOutage.isCauseOf(failure)).isTrue();
    assertThat(RegistryOutage.isCauseOf(new KafkaException("in a topology", failure))).isTrue();
  }

  static Stream<Throwable> outages() {
    return Stream.of(
        new RegistryUnavailableException("503"),
        wrapped(new ConnectException("refused")),
        wrapped(new SSLHandshakeException("closed")),
        wrapped(new EOFException("the connection ends")),
        wrapped(new RestClientException("Leader not known; error code: 50004")),
        wrapped(new RestClientException("Unauthorized; error code: 401")),
        new TimeoutException("no response", new IOException("timed out")));
  }

  @ParameterizedTest
  @MethodSource("faultsOfRecords")
  void a_fault_of_a_record_is_not_an_outage(Throwable failure) {
    assertThat(RegistryOutage.isCauseOf(failure)).isFalse();
  }

  static Stream<Throwable> faultsOfRecords() {
    return Stream.of(
        new PoisonRecordException("truncated", new EOFException()),
        new SerializationException("Unknown magic byte!"),
        wrapped(new RestClientException("Schema 7 not found; error code: 40403")),
        wrapped(new RestClientException("Incompatible; error code: 409")),
        new TimeoutException("no broker"),
        new KafkaException("the state directory", new IOException("disk full")));
  }

  @Test
  void bytes_that_end_too_early_are_a_fault_of_the_record() throws Exception {
    try {
      String unused = DecoderFactory.get().binaryDecoder(new byte[] {8, 'a'}, null).readString();
      throw new AssertionError("four characters were read from one byte");
    } catch (IOException truncated) {
      assertThat(RegistryOutage.isCauseOf(wrapped(truncated))).isFalse();
    }
  }

  private static SerializationException wrapped(Exception cause) {
    return new SerializationException("Error deserializing Avro message for id 7", cause);
  }

  /** Named as Confluent's. */
  private static final class RestClientException extends Exception {
    private static final long serialVersionUID = 1L;

    private RestClientException(String message) {
      super(message);
    }
  }
}
