package io.postflight.schema.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Status;
import io.postflight.schema.message.MessageFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageStatusTest {
  private static final List<String> PRECEDENCE =
      List.of(
          "PLAYED",
          "READ",
          "DELIVERED",
          "RECEIVED",
          "FAILED",
          "CANCELED",
          "EXPIRED",
          "SENT",
          "SENDING",
          "QUEUED",
          "ACCEPTED");

  @Property
  void the_status_is_the_first_in_precedence_for_which_there_is_evidence(@ForAll Set<Status> seen) {
    Map<String, Long> times = times(seen);
    @Nullable String expected =
        PRECEDENCE.stream().filter(times::containsKey).findFirst().orElse(null);

    MessageStatus status = MessageStatus.of(times, null);

    assertThat(status == null ? null : status.name()).isEqualTo(expected);
  }

  @Property
  void a_timeout_replaces_statuses_that_do_not_complete(@ForAll Set<Status> seen) {
    Map<String, Long> times = times(seen);
    MessageStatus without = MessageStatus.of(times, null);

    MessageStatus status = MessageStatus.of(times, 99L);

    assertThat(status)
        .isEqualTo(without == null || !without.completes() ? MessageStatus.UNCONFIRMED : without);
  }

  @Test
  void delivery_and_failure_are_a_contradiction_and_delivery_wins() {
    Map<String, Long> times = Map.of("FAILED", 1L, "DELIVERED", 2L);

    assertThat(MessageStatus.contradiction(times)).isTrue();
    assertThat(MessageStatus.of(times, null)).isEqualTo(MessageStatus.DELIVERED);
  }

  @Test
  void a_failure_alone_or_with_sent_is_no_contradiction() {
    assertThat(MessageStatus.contradiction(Map.of("FAILED", 1L, "SENT", 2L))).isFalse();
    assertThat(MessageStatus.contradiction(Map.of("DELIVERED", 1L, "READ", 2L))).isFalse();
  }

  @Test
  void completed_at_is_the_earliest_completing_time() {
    assertThat(MessageStatus.completedAt(Map.of("SENT", 1L, "READ", 5L, "DELIVERED", 4L), 2L))
        .isEqualTo(4L);
    assertThat(MessageStatus.completedAt(Map.of("SENT", 1L), 2L)).isEqualTo(2L);
    assertThat(MessageStatus.completedAt(Map.of("SENT", 1L), null)).isNull();
  }

  @Test
  void a_late_delivered_takes_precedence_over_unconfirmed() {
    MessageFacts facts =
        Facts.join(
            Facts.unconfirmedAt(10),
            Facts.of(LifecycleArbitraries.event(Status.DELIVERED, 20, "d")));

    assertThat(MessageStatus.complete(facts)).isTrue();
    assertThat(MessageStatus.of(facts)).isEqualTo(MessageStatus.DELIVERED);
  }

  private static Map<String, Long> times(Set<Status> seen) {
    Map<String, Long> times = new HashMap<>();
    seen.stream().filter(Facts::advancesLifecycle).forEach(status -> times.put(status.name(), 1L));
    return times;
  }
}
