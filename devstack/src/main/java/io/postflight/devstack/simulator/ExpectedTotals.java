package io.postflight.devstack.simulator;

import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.topic.RejectionReason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The totals that must be stored once the webhooks sent so far are processed. Complete when the
 * simulation has no more webhooks. Not thread-safe.
 */
public final class ExpectedTotals {
  /**
   * Expected totals of one tenant.
   *
   * @param messages messages with a valid event
   * @param completed messages whose lifecycle is complete
   * @param distinctEvents events of messages, without duplicates and without actions
   * @param timelineEvents distinct events of messages with a known user, and actions: each is a row
   *     of the timeline
   * @param actions actions of users, without duplicates
   */
  public record TenantTotals(
      long messages, long completed, long distinctEvents, long timelineEvents, long actions) {
    static final TenantTotals NONE = new TenantTotals(0, 0, 0, 0, 0);

    TenantTotals plus(TenantTotals other) {
      return new TenantTotals(
          messages + other.messages,
          completed + other.completed,
          distinctEvents + other.distinctEvents,
          timelineEvents + other.timelineEvents,
          actions + other.actions);
    }
  }

  private final SortedMap<String, TenantTotals> byTenant = new TreeMap<>();
  private final Map<MessageStatus, Long> byStatus = new EnumMap<>(MessageStatus.class);
  private final Map<RejectionReason, Long> rejections = new EnumMap<>(RejectionReason.class);
  private long webhooks;
  private long events;
  private long deadLetters;
  private long contradictions;

  ExpectedTotals() {}

  void expect(SimulatedMessage simulated) {
    if (simulated.isAction()) {
      add(simulated.subject().tenant(), new TenantTotals(0, 0, 0, 1, 1));
      return;
    }
    ExpectedMessage message = simulated.expected();
    if (message != null) {
      expect(message);
    }
  }

  void expect(ExpectedMessage message) {
    long known = message.userId() == null ? 0 : message.distinctEvents();
    add(
        message.tenant(),
        new TenantTotals(1, message.complete() ? 1 : 0, message.distinctEvents(), known, 0));
    byStatus.merge(message.status(), 1L, Long::sum);
    contradictions += message.contradiction() ? 1 : 0;
  }

  void sent(SimulatedWebhook webhook) {
    webhooks++;
    events += webhook.events();
    boolean dead = false;
    for (ExpectedRejection rejection : webhook.rejections()) {
      rejections.merge(rejection.reason(), 1L, Long::sum);
      dead |= rejection.reason() != RejectionReason.UNSUPPORTED_EVENT;
    }
    deadLetters += dead ? 1 : 0;
  }

  /** Webhooks sent. */
  public long webhooks() {
    return webhooks;
  }

  /** Valid events in the webhooks, actions and duplicates included. */
  public long events() {
    return events;
  }

  /** Valid events without duplicates, actions included: each must be stored once. */
  public long distinctEvents() {
    TenantTotals all = total();
    return all.distinctEvents() + all.actions();
  }

  /** Duplicates of other events. */
  public long duplicates() {
    return events - distinctEvents();
  }

  /** Rejected entries by reason. */
  public Map<RejectionReason, Long> rejections() {
    return Collections.unmodifiableMap(rejections);
  }

  /** Webhooks with at least one entry rejected for a reason other than UNSUPPORTED_EVENT. */
  public long deadLetters() {
    return deadLetters;
  }

  /** Messages by expected status, in-flight messages included. */
  public Map<MessageStatus, Long> messagesByStatus() {
    return Collections.unmodifiableMap(byStatus);
  }

  /** Messages that both failed and were delivered. */
  public long contradictions() {
    return contradictions;
  }

  /** Expected totals by tenant id. */
  public SortedMap<String, TenantTotals> byTenant() {
    return Collections.unmodifiableSortedMap(byTenant);
  }

  /** Expected totals of all tenants. */
  public TenantTotals total() {
    return byTenant.values().stream().reduce(TenantTotals.NONE, TenantTotals::plus);
  }

  private void add(String tenant, TenantTotals more) {
    byTenant.merge(tenant, more, TenantTotals::plus);
  }
}
