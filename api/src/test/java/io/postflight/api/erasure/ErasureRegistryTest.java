package io.postflight.api.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.recovery.Recoveries;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ErasureRegistryTest {
  private static final long NOW = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
  private static final long DAY = 86_400_000;

  private final ErasureGuard guard = new ErasureGuard(Recoveries.NONE);
  private final ErasureRegistry commands =
      new ErasureRegistry(
          guard, 3, Duration.ofDays(14), InstantSource.fixed(Instant.ofEpochMilli(NOW)));

  @Test
  void above_the_limit_the_oldest_commands_are_dropped() {
    commands.take(message("e-1", "m-1", NOW));
    commands.take(user("e-2", "u-1", NOW));
    commands.take(redaction("e-3", "m-3", NOW, "body"));
    commands.take(message("e-4", "m-4", NOW));

    assertThat(guard.erasesMessage("acme", "m-1")).isFalse();
    assertThat(commands.find("e-1")).isEmpty();
    assertThat(guard.userErasedAt("acme", "u-1")).isEqualTo(NOW);
    assertThat(guard.redactedFields("acme", "m-3")).containsExactly("body");
    assertThat(guard.erasesMessage("acme", "m-4")).isTrue();
    assertThat(commands.unfinished(Duration.ZERO, 10, none -> false))
        .extracting(Erasure::getId)
        .containsExactly("e-2", "e-3", "e-4");
  }

  @Test
  void dropping_an_old_command_keeps_a_later_one_of_the_same_subject() {
    commands.take(user("e-1", "u-1", NOW - 5));
    commands.take(message("e-2", "m-1", NOW));
    commands.take(redaction("e-3", "m-3", NOW, "body"));
    commands.take(user("e-4", "u-1", NOW));
    commands.take(message("e-5", "m-1", NOW));
    commands.take(redaction("e-6", "m-3", NOW, "sender"));

    assertThat(guard.userErasedAt("acme", "u-1")).isEqualTo(NOW);
    assertThat(guard.erasesMessage("acme", "m-1")).isTrue();
    assertThat(guard.redactedFields("acme", "m-3")).containsExactly("body", "sender");
  }

  @Test
  void the_latest_erasure_of_a_user_applies_in_any_order_of_arrival() {
    commands.take(user("e-2", "u-1", NOW));
    commands.take(user("e-1", "u-1", NOW - 5));

    assertThat(guard.userErasedAt("acme", "u-1")).isEqualTo(NOW);
    assertThat(guard.userErasedAt("acme", "u-2")).isNull();
    assertThat(guard.userErasedAt("globex", "u-1")).isNull();
  }

  @Test
  void commands_are_dropped_after_the_maximum_lag_of_sinks() {
    commands.take(message("e-1", "m-1", NOW - 15 * DAY));
    assertThat(guard.erasesMessage("acme", "m-1")).isFalse();

    commands.take(message("e-2", "m-2", NOW - 13 * DAY));
    assertThat(guard.erasesMessage("acme", "m-2")).isTrue();
  }

  @Test
  void a_waiter_is_completed_by_the_first_notice() {
    Erasure command = message("e-1", "m-1", NOW);
    commands.take(command);
    CompletableFuture<Receipt> waiting = commands.done("e-1").orElseThrow();
    assertThat(waiting).isNotDone();

    commands.take(notice(command, 12));
    commands.take(notice(command, 0));
    commands.take(command);

    assertThat(waiting.join().rows()).isEqualTo(12);
    assertThat(commands.done("e-1").orElseThrow().join().rows()).isEqualTo(12);
    assertThat(commands.find("e-1").orElseThrow().rows()).isEqualTo(12);
    assertThat(commands.unfinished(Duration.ZERO, 10, none -> false)).isEmpty();
  }

  @Test
  void recent_commands_are_not_taken_over() {
    commands.take(message("e-1", "m-1", NOW));

    assertThat(commands.unfinished(Duration.ofHours(1), 10, none -> false)).isEmpty();
    assertThat(commands.unfinished(Duration.ZERO, 10, none -> false)).hasSize(1);
    assertThat(commands.unfinished(Duration.ZERO, 0, none -> false)).isEmpty();
  }

  private static Erasure message(String id, String message, long at) {
    return Erasure.newBuilder().setId(id).setTenant("acme").setMessageId(message).setAt(at).build();
  }

  private static Erasure user(String id, String user, long at) {
    return Erasure.newBuilder().setId(id).setTenant("acme").setUserId(user).setAt(at).build();
  }

  private static Erasure redaction(String id, String message, long at, String field) {
    return Erasure.newBuilder(message(id, message, at)).setFields(List.of(field)).build();
  }

  private static Erasure notice(Erasure command, long rows) {
    return Erasure.newBuilder(command).setCompletedAt(NOW).setRows(rows).build();
  }
}
