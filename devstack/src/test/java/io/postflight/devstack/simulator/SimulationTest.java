package io.postflight.devstack.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final List<String> TENANTS = List.of("acme", "globex", "initech", "hooli");

  @Property(tries = 30)
  void the_same_seed_gives_the_same_bytes(
      @ForAll long seed, @ForAll @IntRange(max = 300) int messages) {
    SimulationSettings settings = SimulationSettings.of(seed, messages, TENANTS, NOW);
    Simulation first = Simulation.of(settings);
    Simulation second = Simulation.of(settings);
    while (first.hasNext()) {
      SimulatedWebhook one = first.next();
      assertThat(second.hasNext()).isTrue();
      SimulatedWebhook other = second.next();
      assertThat(one.body()).isEqualTo(other.body());
      assertThat(one.provider()).isEqualTo(other.provider());
      assertThat(one.tenant()).isEqualTo(other.tenant());
      assertThat(one.headers()).isEqualTo(other.headers());
      assertThat(one.events()).isEqualTo(other.events());
      assertThat(one.rejections()).isEqualTo(other.rejections());
    }
    assertThat(second.hasNext()).isFalse();
  }

  @Test
  void another_seed_gives_other_messages() {
    Simulation one = Simulation.of(SimulationSettings.of(1, 50, TENANTS, NOW));
    Simulation other = Simulation.of(SimulationSettings.of(2, 50, TENANTS, NOW));
    assertThat(one.expectedMessages().map(ExpectedMessage::messageId))
        .doesNotContainAnyElementsOf(
            other.expectedMessages().map(ExpectedMessage::messageId).toList());
  }

  @Property(tries = 30)
  void decoded_bodies_result_in_the_expected_messages(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int messages) throws IOException {
    Simulation simulation =
        Simulation.of(
            SimulationSettings.of(seed, messages, TENANTS, NOW).withFaults(0.2, 0.5, 0.1));
    Map<String, Set<Status>> statuses = new HashMap<>();
    Map<String, String> users = new HashMap<>();
    long valid = 0;
    long actions = 0;
    while (simulation.hasNext()) {
      SimulatedWebhook webhook = simulation.next();
      valid += webhook.events();
      for (DecodedEvent event : validEntries(webhook)) {
        if (event.status() == Status.ACTION) {
          actions++;
          continue;
        }
        String key = webhook.tenant() + '|' + event.messageId();
        statuses.computeIfAbsent(key, name -> new HashSet<>()).add(event.status());
        if (event.userId() != null) {
          users.put(key, event.userId());
        }
      }
    }
    List<ExpectedMessage> expected = simulation.expectedMessages().toList();
    for (ExpectedMessage message : expected) {
      String key = message.tenant() + '|' + message.messageId();
      Set<Status> decoded = statuses.getOrDefault(key, Set.of());
      assertThat(decoded).as(key).hasSize(message.distinctEvents());
      assertThat(MessageStatus.of(times(decoded), null)).as(key).isEqualTo(message.status());
      assertThat(users.get(key)).as(key).isEqualTo(message.userId());
    }
    assertThat(statuses).hasSameSizeAs(expected);
    ExpectedTotals totals = simulation.expectedTotals();
    assertThat(totals.events()).isEqualTo(valid);
    assertThat(totals.total().messages()).isEqualTo(expected.size());
    assertThat(totals.total().actions()).isLessThanOrEqualTo(actions);
    assertThat(totals.total().distinctEvents())
        .isEqualTo(expected.stream().mapToLong(ExpectedMessage::distinctEvents).sum());
    assertThat(totals.duplicates()).isNotNegative();
  }

  @Test
  void a_large_simulation_covers_all_cases() {
    Simulation simulation = Simulation.of(SimulationSettings.of(7, 20_000, TENANTS, NOW));
    Set<String> kinds = new HashSet<>();
    long broken = 0;
    while (simulation.hasNext()) {
      SimulatedWebhook webhook = simulation.next();
      kinds.add(webhook.provider() + '/' + webhook.tenant());
      broken += webhook.rejections().isEmpty() ? 0 : 1;
    }
    ExpectedTotals totals = simulation.expectedTotals();
    assertThat(kinds).hasSize(16);
    assertThat(totals.messagesByStatus())
        .containsOnlyKeys(
            MessageStatus.PLAYED,
            MessageStatus.READ,
            MessageStatus.DELIVERED,
            MessageStatus.RECEIVED,
            MessageStatus.FAILED,
            MessageStatus.CANCELED,
            MessageStatus.EXPIRED,
            MessageStatus.SENT);
    assertThat(totals.rejections())
        .containsOnlyKeys(
            RejectionReason.MALFORMED_BODY,
            RejectionReason.UNKNOWN_STATUS,
            RejectionReason.MISSING_MESSAGE_ID,
            RejectionReason.UNSUPPORTED_EVENT);
    assertThat(totals.deadLetters()).isPositive().isLessThan(broken);
    assertThat(totals.contradictions()).isPositive();
    assertThat(totals.duplicates()).isPositive();
    assertThat(totals.byTenant()).containsOnlyKeys(TENANTS);
    assertThat(totals.total().timelineEvents())
        .isLessThan(totals.total().distinctEvents() + totals.total().actions());
  }

  @Test
  void events_of_one_message_may_be_out_of_order() throws IOException {
    Simulation simulation =
        Simulation.of(
            SimulationSettings.of(3, 2_000, TENANTS, NOW)
                .withProviders(Set.of("twilio"))
                .withFaults(0, 1, 0));
    Map<String, List<Status>> orders = new HashMap<>();
    while (simulation.hasNext()) {
      for (DecodedEvent event : DecodedEvent.in(simulation.next())) {
        orders
            .computeIfAbsent(String.valueOf(event.messageId()), id -> new ArrayList<>())
            .add(event.status());
      }
    }
    assertThat(orders.values())
        .anySatisfy(
            order ->
                assertThat(order.indexOf(Status.DELIVERED))
                    .isNotNegative()
                    .isLessThan(order.indexOf(Status.SENT)));
  }

  @Test
  void all_event_times_are_within_an_hour_before_now() {
    SimulationSettings settings = SimulationSettings.of(11, 5_000, TENANTS, NOW);
    MessageGenerator generator = new MessageGenerator(settings);
    for (long index = 0; index < settings.messages(); index++) {
      assertThat(generator.at(index).events())
          .allSatisfy(event -> assertThat(event.time()).isBetween(NOW - 3_000_000, NOW));
    }
  }

  @Test
  void a_probability_above_one_is_refused_by_name() {
    SimulationSettings settings = SimulationSettings.of(1, 1, TENANTS, NOW);
    assertThatThrownBy(() -> settings.withFaults(0, 1.5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reorderings is 1.5");
  }

  /** The valid entries; also checks that the others are invalid as expected. */
  private static List<DecodedEvent> validEntries(SimulatedWebhook webhook) throws IOException {
    Map<Integer, RejectionReason> rejected = new HashMap<>();
    webhook.rejections().forEach(rejection -> rejected.put(rejection.index(), rejection.reason()));
    if (rejected.containsValue(RejectionReason.MALFORMED_BODY)) {
      assertThatThrownBy(() -> DecodedEvent.in(webhook))
          .isInstanceOf(JsonProcessingException.class);
      return List.of();
    }
    if (rejected.containsValue(RejectionReason.UNSUPPORTED_EVENT)) {
      assertThat(DecodedEvent.in(webhook)).isEmpty();
      return List.of();
    }
    List<DecodedEvent> entries = DecodedEvent.in(webhook);
    List<DecodedEvent> valid = new ArrayList<>();
    for (int index = 0; index < entries.size(); index++) {
      RejectionReason reason = rejected.get(index);
      if (reason == null) {
        valid.add(entries.get(index));
      } else if (reason == RejectionReason.MISSING_MESSAGE_ID) {
        assertThat(entries.get(index).messageId()).isNull();
      } else {
        assertThat(entries.get(index).status()).isNull();
      }
    }
    assertThat(valid).hasSize(webhook.events());
    return valid;
  }

  private static Map<String, Long> times(Set<Status> statuses) {
    Map<String, Long> times = new HashMap<>();
    for (Status status : statuses) {
      if (Facts.advancesLifecycle(status)) {
        times.put(status.name(), 1L);
      }
    }
    return times;
  }
}
