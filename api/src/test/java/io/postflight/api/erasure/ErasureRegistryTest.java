package io.postflight.api.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpStatus;
import io.postflight.api.http.Problem;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.recovery.Recoveries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ErasureRegistryTest {
  private static final long NOW = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
  private static final long DAY = 86_400_000;

  private long now = NOW;
  private final ErasureGuard guard = new ErasureGuard(Recoveries.NONE);
  private final ErasureRegistry commands =
      new ErasureRegistry(guard, 8, Duration.ofDays(14), () -> Instant.ofEpochMilli(now));

  @Test
  void above_its_share_a_tenant_is_rejected_and_nothing_is_dropped() {
    commands.take(message("globex", "g-1", "m-1", NOW));
    for (int i = 1; i <= 10; i++) {
      commands.take(message("e-" + i, "m-" + i, NOW));
    }

    assertThat(rejection("acme")).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
    assertThat(rejection("globex"))
        .as("all have too many")
        .isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    assertThat(rejection("initech")).as("it has none").isNull();
    assertThat(guard.erasesMessage("globex", "m-1")).isTrue();
    assertThat(guard.erasesMessage("acme", "m-1")).isTrue();
    assertThat(commands.unfinished(Duration.ZERO, every -> true)).hasSize(11);
  }

  @Test
  void a_share_is_free_again_once_commands_are_old() {
    commands.take(message("e-1", "m-1", NOW - 13 * DAY));
    commands.take(message("e-2", "m-2", NOW));
    assertThat(rejection("acme")).isNotNull();

    now = NOW + 2 * DAY;

    assertThat(rejection("acme")).isNull();
    assertThat(guard.erasesMessage("acme", "m-1")).isFalse();
    assertThat(guard.erasesMessage("acme", "m-2")).isTrue();
  }

  private @Nullable HttpStatus rejection(String tenant) {
    try {
      commands.requireCapacity(tenant);
      return null;
    } catch (Problem problem) {
      return problem.status();
    }
  }

  @Test
  void dropping_an_old_command_keeps_a_later_one_of_the_same_subject() {
    commands.take(user("e-1", "u-1", NOW - 5));
    commands.take(message("e-2", "m-1", NOW));
    commands.take(redaction("e-3", "m-3", NOW, "body"));
    commands.take(user("e-4", "u-1", NOW));
    commands.take(message("e-5", "m-1", NOW));
    commands.take(redaction("e-6", "m-3", NOW, "sender"));

    assertThat(erasedAt("acme", "u-1")).isEqualTo(NOW);
    assertThat(guard.erasesMessage("acme", "m-1")).isTrue();
    assertThat(guard.redactedFields("acme", "m-3")).containsExactly("body", "sender");
  }

  @Test
  void the_latest_erasure_of_a_user_applies_in_any_order_of_arrival() {
    commands.take(user("e-2", "u-1", NOW));
    commands.take(user("e-1", "u-1", NOW - 5));

    assertThat(erasedAt("acme", "u-1")).isEqualTo(NOW);
    assertThat(erasedAt("acme", "u-2")).isNull();
    assertThat(erasedAt("globex", "u-1")).isNull();
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
    assertThat(commands.unfinished(Duration.ZERO, every -> true)).isEmpty();
  }

  @Test
  void a_users_command_is_done_once_its_ids_are_known_and_all_commands_are_completed() {
    Erasure root = user("e-1", "u-1", NOW);
    Erasure derived = derived(root, "e-2", "u-2");
    commands.take(root);
    CompletableFuture<Receipt> waiting = commands.done("e-1").orElseThrow();

    commands.take(notice(root, 12));
    assertThat(waiting).as("other ids are unknown").isNotDone();
    commands.take(extension(root, "e-2", "e-3"));
    commands.take(derived);
    commands.take(notice(derived, 3));
    assertThat(waiting).as("e-3 was not read yet").isNotDone();
    Erasure last = derived(root, "e-3", "u-3");
    commands.take(last);
    assertThat(waiting).isNotDone();
    assertThat(commands.find("e-1").orElseThrow().open()).containsExactly(last);
    commands.take(notice(last, 5));

    assertThat(waiting.join().rows()).isEqualTo(20);
    assertThat(waiting.join().aliases()).containsExactly("u-1", "u-2", "u-3");
    assertThat(commands.find("e-2").orElseThrow().rows()).isEqualTo(3);
    assertThat(commands.find("e-2").orElseThrow().aliases()).isEmpty();
    assertThat(guard.userErasedAt("acme", "u-3", null, NOW)).isEqualTo(NOW);
  }

  @Test
  void a_users_command_whose_person_has_one_id_is_done_by_an_empty_extension_notice() {
    Erasure root = user("e-1", "u-1", NOW);
    commands.take(extension(root));
    commands.take(notice(root, 12));

    assertThat(commands.find("e-1").orElseThrow().rows()).isEqualTo(12);
    assertThat(commands.find("e-1").orElseThrow().aliases()).isEmpty();
  }

  @Test
  void a_users_command_is_running_again_when_a_further_id_is_known() {
    Erasure root = user("e-1", "u-1", NOW);
    commands.take(root);
    commands.take(extension(root));
    commands.take(notice(root, 12));

    commands.take(derived(root, "e-2", "u-2"));

    assertThat(commands.find("e-1").orElseThrow().done()).isFalse();
  }

  @Test
  void only_what_extends_a_command_of_this_instance_is_to_be_applied_at_once() {
    Erasure here = user("e-1", "u-1", NOW);
    Erasure elsewhere = user("e-2", "u-2", NOW);
    commands.take(here);
    commands.setAcceptedHere("e-1");
    commands.take(elsewhere);

    assertThat(commands.take(derived(elsewhere, "e-3", "u-3"))).isFalse();
    assertThat(commands.take(derived(here, "e-4", "u-4"))).isTrue();
    assertThat(commands.take(derived(here, "e-4", "u-4"))).as("known").isFalse();
    assertThat(commands.unfinished(Duration.ZERO, every -> true))
        .extracting(Erasure::getId)
        .containsExactly("e-1", "e-2", "e-3", "e-4");
  }

  @Test
  void commands_that_extend_another_count_for_the_tenant_and_are_never_rejected() {
    Erasure root = user("e-1", "u-1", NOW);
    commands.take(root);
    assertThat(rejection("acme")).isNull();
    for (int i = 2; i < 20; i++) {
      commands.take(derived(root, "e-" + i, "u-" + i));
    }

    assertThat(guard.userErasedAt("acme", "u-19", null, NOW)).isEqualTo(NOW);
    assertThat(rejection("acme")).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
  }

  @Test
  void what_extends_an_old_command_is_kept_until_it_is_completed() {
    Erasure late = derived(user("e-1", "u-1", NOW - 100 * DAY), "e-2", "u-2");
    commands.take(late);

    assertThat(commands.unfinished(Duration.ZERO, every -> true)).containsExactly(late);
    assertThat(guard.userErasedAt("acme", "u-2", null, NOW)).isEqualTo(late.getAt());

    commands.take(notice(late, 3));

    assertThat(commands.find("e-2")).isEmpty();
    assertThat(guard.userErasedAt("acme", "u-2", null, NOW)).isNull();
  }

  @Test
  void an_old_command_is_running_while_a_command_that_extends_it_is() {
    commands.take(message("e-0", "m-1", NOW));
    Erasure root = user("e-1", "u-1", NOW - 100 * DAY);
    Erasure derived = derived(root, "e-3", "u-3");
    commands.take(derived);
    commands.take(extension(root, "e-2", "e-3")); // e-2 was completed long ago, as the root
    assertThat(commands.find("e-1").orElseThrow().done()).isFalse();

    commands.take(notice(derived, 3));

    assertThat(commands.find("e-1")).as("the ledger has the receipt").isEmpty();
    assertThat(commands.done("e-1")).isEmpty();
  }

  @Test
  void a_command_is_held_as_long_as_one_that_extends_it_is_open() {
    Erasure root = user("e-1", "u-1", NOW - 14 * DAY);
    Erasure derived = derived(root, "e-2", "u-2");
    commands.take(root);
    commands.take(extension(root, "e-2"));
    commands.take(notice(root, 12));
    commands.take(derived);

    now = NOW + DAY;
    commands.take(message("e-0", "m-1", now));
    assertThat(commands.find("e-1").orElseThrow().done()).isFalse();

    commands.take(notice(derived, 3));
    assertThat(commands.find("e-1")).isEmpty();
  }

  @Test
  void recent_commands_are_not_taken_over() {
    commands.take(message("e-1", "m-1", NOW));

    assertThat(commands.unfinished(Duration.ofHours(1), every -> true)).isEmpty();
    assertThat(commands.unfinished(Duration.ZERO, every -> true)).hasSize(1);
    assertThat(commands.unfinished(Duration.ZERO, every -> false)).isEmpty();
  }

  private @Nullable Long erasedAt(String tenant, String user) {
    return guard.userErasedAt(tenant, user, null, NOW);
  }

  private static Erasure message(String id, String message, long at) {
    return message("acme", id, message, at);
  }

  private static Erasure message(String tenant, String id, String message, long at) {
    return Erasure.newBuilder().setId(id).setTenant(tenant).setMessageId(message).setAt(at).build();
  }

  private static Erasure user(String id, String user, long at) {
    return Erasure.newBuilder().setId(id).setTenant("acme").setUserId(user).setAt(at).build();
  }

  private static Erasure derived(Erasure root, String id, String user) {
    return Erasure.newBuilder(user(id, user, root.getAt())).setRoot(root.getId()).build();
  }

  private static Erasure extension(Erasure root, String... derived) {
    return Erasure.newBuilder(root).setDerived(List.of(derived)).build();
  }

  private static Erasure redaction(String id, String message, long at, String field) {
    return Erasure.newBuilder(message(id, message, at)).setFields(List.of(field)).build();
  }

  private static Erasure notice(Erasure command, long rows) {
    return Erasure.newBuilder(command).setCompletedAt(NOW).setRows(rows).build();
  }
}
