package io.postflight.devstack.simulator;

import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.topic.RejectionReason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What must be there once the webhooks that were given out are processed. Complete when the
 * simulation has no more. Not thread-safe.
 */
public final class Ledger {
  /**
   * What one tenant must have.
   *
   * @param messages messages that a good event is about
   * @param completed those of them whose life is over
   * @param distinctEvents events of messages, repetitions not counted, actions not included
   * @param timelineEvents those of them whose message has a known user, and the actions: each is a
   *     row of the timeline
   * @param actions what users did, repetitions not counted
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

  Ledger() {}

  void expect(Life life) {
    if (life.isAction()) {
      add(life.subject().tenant(), new TenantTotals(0, 0, 0, 1, 1));
      return;
    }
    ExpectedMessage message = life.expected();
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

  void given(SimulatedWebhook webhook) {
    webhooks++;
    events += webhook.events();
    boolean dead = false;
    for (ExpectedRejection rejection : webhook.rejections()) {
      rejections.merge(rejection.reason(), 1L, Long::sum);
      dead |= rejection.reason() != RejectionReason.UNSUPPORTED_EVENT;
    }
    deadLetters += dead ? 1 : 0;
  }

  /** Webhooks given out. */
  public long webhooks() {
    return webhooks;
  }

  /** Good events in them, actions and repetitions included. */
  public long events() {
    return events;
  }

  /** Good events without repetitions, actions included: each must be stored once. */
  public long distinctEvents() {
    TenantTotals all = total();
    return all.distinctEvents() + all.actions();
  }

  /** Events that only repeat others. */
  public long duplicates() {
    return events - distinctEvents();
  }

  /** Rejected entries by reason. */
  public Map<RejectionReason, Long> rejections() {
    return Collections.unmodifiableMap(rejections);
  }

  /** Webhooks with an entry that must be rejected for another reason than UNSUPPORTED_EVENT. */
  public long deadLetters() {
    return deadLetters;
  }

  /** Messages by the status that their lives demand, those in flight included. */
  public Map<MessageStatus, Long> messagesByStatus() {
    return Collections.unmodifiableMap(byStatus);
  }

  /** Messages that both failed and arrived. */
  public long contradictions() {
    return contradictions;
  }

  /** What each tenant must have, by its id. */
  public SortedMap<String, TenantTotals> byTenant() {
    return Collections.unmodifiableSortedMap(byTenant);
  }

  /** What all tenants together must have. */
  public TenantTotals total() {
    return byTenant.values().stream().reduce(TenantTotals.NONE, TenantTotals::plus);
  }

  private void add(String tenant, TenantTotals more) {
    byTenant.merge(tenant, more, TenantTotals::plus);
  }
}
