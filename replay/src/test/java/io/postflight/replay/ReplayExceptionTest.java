package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.topic.MissingTopicException;
import io.postflight.schema.topic.PartitionCountException;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ReplayExceptionTest {
  @Test
  void a_topic_that_is_missing_or_has_several_partitions_is_an_invalid_request() {
    List<KafkaException> failures =
        List.of(new MissingTopicException("erasures"), new PartitionCountException("erasures", 2));

    assertThat(failures)
        .extracting(failure -> ReplayException.kafka("the ledger", failure).reason())
        .containsOnly(ReplayException.Reason.INVALID);
  }

  @Test
  void a_broker_that_does_not_respond_is_unavailable() {
    assertThat(ReplayException.kafka("the ledger", new TimeoutException("late")).reason())
        .isEqualTo(ReplayException.Reason.UNAVAILABLE);
  }
}
