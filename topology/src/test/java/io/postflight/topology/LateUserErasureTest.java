package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A message whose user becomes known by a later event")
class LateUserErasureTest {
  private static final String NUMBER = "491701234567";
  private static final String ADA = "DE.111";
  private static final String BOB = "DE.222";
  private static final String HIDDEN = "998877@lid";
  private static final long PASSED_ON = NOW + 100_000;
  private static final long ERASED = NOW + 200_000;

  @TempDir Path dir;
  private DrivenPipeline pipeline;

  @BeforeEach
  void start() {
    pipeline = new DrivenPipeline(dir);
  }

  @AfterEach
  void stop() {
    pipeline.close();
  }

  /** A step of a history, given a suffix that makes its ids unique. */
  private interface Step {
    void play(String run);
  }

  private final Step adaHasTheNumber = run -> event("m1" + run, number(run), NOW, ADA + run);
  private final Step bobHasItThen = run -> event("m2" + run, number(run), PASSED_ON, BOB + run);

  private final Step erasureOfAda =
      run -> {
        pipeline.erase(TestCommands.user(ADA + run, ERASED));
        pipeline.extendErasures();
        scan();
      };

  @Test
  void is_erased_in_every_order_if_it_was_created_while_the_number_was_the_persons() {
    Step withoutUser = run -> event("m9" + run, null, NOW + 10_000);
    Step namingNumber = run -> event("m9" + run, number(run), NOW + 150_000);

    assertThat(
            messages(
                List.of(withoutUser, namingNumber, adaHasTheNumber, bobHasItThen, erasureOfAda)))
        .hasSize(60)
        .containsValue(false)
        .doesNotContainValue(true);
  }

  @Test
  void stays_in_every_order_if_it_was_created_when_another_person_had_the_number() {
    Step withoutUser = run -> event("m9" + run, null, NOW + 120_000);
    Step namingNumber = run -> event("m9" + run, number(run), NOW + 50_000);
    Step known = adaHasTheNumber;
    Step passedOn = bobHasItThen;

    Map<String, Boolean> present =
        messages(
            List.of(
                withoutUser,
                namingNumber,
                run -> {
                  known.play(run);
                  passedOn.play(run);
                  erasureOfAda.play(run);
                }));

    assertThat(present).hasSize(3).doesNotContainValue(false);
  }

  @Test
  void is_erased_in_every_order_if_only_a_hidden_id_was_known_before() {
    Step hidden = run -> event("m9" + run, run + HIDDEN, NOW + 10_000);
    Step namingNumber = run -> event("m9" + run, number(run), NOW + 5_000);
    Step erasure =
        run -> {
          pipeline.erase(TestCommands.user(number(run), ERASED));
          pipeline.extendErasures();
          scan();
        };

    assertThat(messages(List.of(hidden, namingNumber, erasure)))
        .hasSize(3)
        .doesNotContainValue(true);
  }

  @Test
  void is_known_to_be_the_users_although_the_event_that_shows_it_is_erased() {
    // Processed first, so the message counts as created after the first erasure.
    event("m9", null, NOW + 100_000);
    pipeline.erase(TestCommands.user("u1", NOW + 50_000));
    pipeline.events(
        NOW + 20_000,
        "{\"messageId\":\"m9\",\"userId\":\"u1\",\"status\":\"SENT\",\"eventTime\":%d,\"body\":\"secret\"}"
            .formatted(NOW + 20_000));

    TierModel tier = new TierModel();
    pipeline.tier("30d").forEach(tier::apply);
    MessageRevision message = Objects.requireNonNull(tier.message("m9"));
    assertThat(Facts.text(message.getFacts(), Facts.USER_ID)).isEqualTo("u1");
    assertThat(message.getFacts().getTimes()).containsOnlyKeys("DELIVERED");
    assertThat(tier.body("m9")).isNull();
    assertThat(tier.timeline().values()).containsExactly(NOW + 100_000);

    pipeline.erase(TestCommands.user("u1", ERASED));
    scan();
    pipeline.tier("30d").forEach(tier::apply);
    assertThat(tier.message("m9")).isNull();
  }

  /**
   * Plays the steps in every order in which the first one precedes the second one.
   *
   * @return whether the tier has message m9 in the end, by order
   */
  private Map<String, Boolean> messages(List<Step> steps) {
    Map<String, Boolean> present = new TreeMap<>();
    for (List<Integer> order : orders(steps.size())) {
      if (order.indexOf(0) < order.indexOf(1)) {
        String run = "x" + (100 + present.size());
        order.forEach(step -> steps.get(step).play(run));
        pipeline.extendErasures();
        scan();
        TierModel tier = new TierModel();
        pipeline.tier("30d").forEach(tier::apply);
        present.put(order.toString(), tier.message("m9" + run) != null);
      }
    }
    return present;
  }

  private static List<List<Integer>> orders(int size) {
    List<List<Integer>> orders = List.of(List.of());
    for (int n = 0; n < size; n++) {
      List<List<Integer>> longer = new ArrayList<>();
      for (List<Integer> order : orders) {
        for (int at = 0; at <= n; at++) {
          List<Integer> more = new ArrayList<>(order);
          more.add(at, n);
          longer.add(more);
        }
      }
      orders = longer;
    }
    return orders;
  }

  private static String number(String run) {
    return NUMBER + run.substring(1);
  }

  private void scan() {
    while (pipeline.userScans() > 0) {
      pipeline.second();
    }
  }

  private void event(String message, @Nullable String user, long time) {
    pipeline.events(time, TestWebhooks.event(message, user, "DELIVERED", time));
  }

  private void event(String message, String user, long time, String alias) {
    pipeline.events(
        time,
        "{\"messageId\":\"%s\",\"userId\":\"%s\",\"aliases\":[\"%s\"],\"status\":\"DELIVERED\",\"eventTime\":%d}"
            .formatted(message, user, alias, time));
  }
}
