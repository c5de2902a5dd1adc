package io.postflight.operations.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.operations.OperationException;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class LagCheckTest {
  @Test
  void a_group_that_does_not_exist_has_no_members() {
    assertThat(LagCheck.members(failed(new GroupIdNotFoundException("none")))).isZero();
  }

  @Test
  void a_group_that_cannot_be_read_is_not_reported_as_one_without_members() {
    assertThatThrownBy(() -> LagCheck.members(failed(GroupAuthorizationException.forGroupId("g"))))
        .isInstanceOfSatisfying(
            OperationException.class,
            failure -> assertThat(failure.kind()).isEqualTo(OperationException.FailureKind.USAGE));
    assertThatThrownBy(() -> LagCheck.members(failed(new TimeoutException("late"))))
        .isInstanceOfSatisfying(
            OperationException.class,
            failure ->
                assertThat(failure.kind()).isEqualTo(OperationException.FailureKind.UNREACHABLE));
  }

  private static KafkaFuture<ConsumerGroupDescription> failed(Exception failure) {
    KafkaFutureImpl<ConsumerGroupDescription> future = new KafkaFutureImpl<>();
    future.completeExceptionally(failure);
    return future;
  }
}
