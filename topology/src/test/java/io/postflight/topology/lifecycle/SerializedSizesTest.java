package io.postflight.topology.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.devstack.simulator.SimulationSettings;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.state.LifecycleState;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

/** Mean sizes of what is stored per message, and sent per event, of simulated webhooks. */
class SerializedSizesTest {
  private static final long NOW = 1_760_000_000_000L;
  private static final Set<String> CONTENT = Set.of("body", "sender", "recipient");
  private static final Placement PLACEMENT = new Placement("30d", time -> 1, time -> 1);

  private final AvroSerdes serdes = AvroSerdes.mock("sizes");
  private final LifecycleReducer reducer = new LifecycleReducer(LifecycleRules.DEFAULT);
  private final Map<String, LifecycleState> states = new HashMap<>();
  private final List<TierRecord> updates = new ArrayList<>();

  @Test
  void states_and_records_are_small() {
    Simulation simulation =
        Simulation.of(SimulationSettings.of(1, 2_000, List.of("acme", "globex"), NOW));
    while (simulation.hasNext()) {
      normalize(simulation.next()).stream()
          .filter(event -> event.getMessageId() != null)
          .forEach(this::reduce);
    }

    List<LifecycleState> complete =
        states.values().stream().filter(each -> each.getMessage().getListedAt() != null).toList();
    double state = meanBytes(complete, serdes.value(LifecycleState.class).serializer());
    double update = meanBytes(updates, serdes.value(TierRecord.class).serializer());
    double core =
        meanBytes(
            updates.stream().map(SerializedSizesTest::withoutContent).toList(),
            serdes.value(TierRecord.class).serializer());
    System.out.printf(
        "serialized sizes: state %.0f B, update %.0f B, of it content %.0f B%n",
        state, update, update - core);
    assertThat(complete).hasSizeGreaterThan(1_000);
    assertThat(state).isLessThanOrEqualTo(400);
    assertThat(updates).hasSizeGreaterThan(2_000);
    assertThat(update).isLessThanOrEqualTo(500);
    assertThat(update - core).as("what a patch of content would save").isLessThan(update / 4);
  }

  /** The same with a core alone (ADR 29). */
  private static TierRecord withoutContent(TierRecord update) {
    TierRecord copy = TierRecord.newBuilder(update).build();
    copy.getMessage()
        .getFacts()
        .getEvents()
        .forEach(
            event ->
                event
                    .getTexts()
                    .keySet()
                    .removeIf(name -> name.startsWith("attributes.") || CONTENT.contains(name)));
    return copy;
  }

  private static List<MessageEvent> normalize(SimulatedWebhook webhook) {
    RawWebhook raw =
        new RawWebhook(
            webhook.provider(),
            webhook.tenant(),
            NOW,
            webhook.body(),
            webhook.contentType(),
            false,
            new RawReference(7, 1_000_000_000L, 0));
    return Normalizer.ofAllProviders().normalize(raw).stream()
        .filter(Outcome.Accepted.class::isInstance)
        .map(outcome -> ((Outcome.Accepted) outcome).event())
        .toList();
  }

  private void reduce(MessageEvent event) {
    String key = event.getTenant() + '|' + event.getMessageId();
    LifecycleState before = states.get(key);
    Transition transition = reducer.reduce(before, event, PLACEMENT, List.of());
    states.put(key, transition.next());
    if (before != null && transition.revision() != null) {
      updates.add(
          new TierRecord(
              event.getTenant(),
              transition.timeline(),
              transition.revision(),
              event.getReceivedAt(),
              null,
              transition.revision().getCreatedAt(),
              null));
    }
  }

  private static <T> double meanBytes(Collection<T> values, Serializer<T> serializer) {
    return values.stream()
        .mapToInt(value -> serializer.serialize(value.getClass().getName(), value).length)
        .average()
        .orElseThrow();
  }
}
