package io.postflight.demo;

import io.postflight.devstack.simulator.BundledWebhooks;
import io.postflight.devstack.simulator.ExpectedMessage;
import io.postflight.devstack.simulator.ExpectedTotals;
import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.devstack.simulator.SimulationSettings;
import io.postflight.schema.topic.RejectionReason;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The webhooks to send, simulated and bundled, and the expected result. */
final class Expectation {
  /** Tenant of the bundled webhooks. */
  static final String BUNDLED_TENANT = "acme";

  private final Simulation simulation;
  private final List<SimulatedWebhook> bundled;

  Expectation(SimulationSettings settings) {
    this.simulation = Simulation.of(settings);
    this.bundled = BundledWebhooks.of(BUNDLED_TENANT, settings.now());
  }

  /** All webhooks; simulated ones are generated lazily. */
  Iterator<SimulatedWebhook> webhooks() {
    Iterator<SimulatedWebhook> first = bundled.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return first.hasNext() || simulation.hasNext();
      }

      @Override
      public SimulatedWebhook next() {
        return first.hasNext() ? first.next() : simulation.next();
      }
    };
  }

  /** Every message that must be stored, with its expected status. */
  Stream<ExpectedMessage> messages() {
    return Stream.concat(bundledMessages().stream(), simulation.expectedMessages());
  }

  /** Webhooks returned so far. */
  long webhookCount() {
    return simulation.expectedTotals().webhooks() + bundled.size();
  }

  /** Valid events in them, including duplicates. */
  long events() {
    return simulation.expectedTotals().events()
        + bundled.stream().mapToLong(SimulatedWebhook::events).sum();
  }

  /** Valid events without duplicates. */
  long distinctEvents() {
    return simulation.expectedTotals().distinctEvents()
        + bundledMessages().stream().mapToLong(ExpectedMessage::distinctEvents).sum()
        + BundledWebhooks.ACTIONS;
  }

  /** Rows that timelines must have, per tenant. */
  Map<String, Long> timelineRows() {
    Map<String, Long> rows = new TreeMap<>();
    simulation
        .expectedTotals()
        .byTenant()
        .forEach((tenant, totals) -> rows.put(tenant, totals.timelineEvents()));
    long more =
        BundledWebhooks.ACTIONS
            + bundledMessages().stream().mapToLong(ExpectedMessage::distinctEvents).sum();
    rows.merge(BUNDLED_TENANT, more, Long::sum);
    return rows;
  }

  /** The numbers without the bundled webhooks. */
  ExpectedTotals.TenantTotals simulated() {
    return simulation.expectedTotals().total();
  }

  /** Numbers of messages that must be stored, and of those that must be complete. */
  ExpectedTotals.TenantTotals totals() {
    ExpectedTotals.TenantTotals simulated = simulated();
    long complete = bundledMessages().stream().filter(ExpectedMessage::complete).count();
    return new ExpectedTotals.TenantTotals(
        simulated.messages() + bundledMessages().size(),
        simulated.completed() + complete,
        distinctEvents() - simulated.actions() - BundledWebhooks.ACTIONS,
        0,
        simulated.actions() + BundledWebhooks.ACTIONS);
  }

  /** Expected number of dead letters. */
  long deadLetters() {
    return simulation.expectedTotals().deadLetters();
  }

  /** Deliberately invalid entries, by reason. */
  Map<RejectionReason, Long> rejections() {
    return simulation.expectedTotals().rejections();
  }

  private static List<ExpectedMessage> bundledMessages() {
    return BundledWebhooks.expectedMessages(BUNDLED_TENANT);
  }
}
