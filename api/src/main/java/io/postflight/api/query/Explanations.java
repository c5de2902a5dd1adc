package io.postflight.api.query;

import io.postflight.api.explain.EventLog;
import io.postflight.api.explain.EventLog.Deliveries;
import io.postflight.api.http.Problem;
import io.postflight.api.http.TenantLimit;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.explain.Delivery;
import io.postflight.schema.explain.Explanation;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageTimes;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.tenant.Tenant;
import io.postflight.store.PageRequest;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * Explains messages: their facts from the table, their deliveries from the topic of events, and
 * from the user's timeline those that the topic has no more. Few at a time, since each searches a
 * part of a topic.
 */
final class Explanations {
  private static final int MOST = 16;
  private static final int MOST_OF_A_TENANT = 4;

  /** Rows of a timeline between the first and the last event of a message that are searched. */
  private static final int MOST_ROWS = 1_000;

  private final TimelineReads timelines;
  private final EventLog events;
  private final Duration budget;
  private final TenantLimit limit = new TenantLimit("explanations", MOST, MOST_OF_A_TENANT);

  /**
   * @param budget of the read of a timeline
   */
  Explanations(TimelineReads timelines, EventLog events, Duration budget) {
    this.timelines = timelines;
    this.events = events;
    this.budget = budget;
  }

  /**
   * A message and why it is so.
   *
   * @param eventsComplete whether all deliveries are known
   */
  record ExplainedMessage(
      MessageRevision message, Explanation explanation, boolean eventsComplete) {}

  /**
   * Explains a message.
   *
   * @param message as it may be shown
   * @throws Problem 429 or 503 at a limit
   */
  CompletableFuture<ExplainedMessage> of(
      Tenant tenant, Supplier<CompletableFuture<MessageRevision>> message) {
    limit.acquire(tenant.getId());
    CompletableFuture<ExplainedMessage> explained;
    try {
      explained = message.get().thenCompose(found -> explain(tenant, found));
    } catch (RuntimeException failure) {
      explained = CompletableFuture.failedFuture(failure);
    }
    return explained.whenComplete((done, failure) -> limit.release(tenant.getId()));
  }

  private CompletableFuture<ExplainedMessage> explain(Tenant tenant, MessageRevision message) {
    return events
        .of(tenant.getId(), message.getMessageId(), MessageTimes.earliest(message))
        .exceptionally(
            failure -> {
              if (FutureFailures.unwrap(failure) instanceof KafkaException) {
                return new Deliveries(List.of(), false);
              }
              throw new IllegalStateException(failure);
            })
        .thenCompose(
            found ->
                found.complete()
                    ? CompletableFuture.completedFuture(explained(message, found, List.of()))
                    : rows(tenant, message).thenApply(rows -> explained(message, found, rows)));
  }

  private static ExplainedMessage explained(
      MessageRevision message, Deliveries found, List<TimelineItem> rows) {
    List<Delivery> deliveries = new ArrayList<>();
    Set<String> known = new HashSet<>();
    found.events().forEach(event -> known.add(event.getEventId()));
    rows.stream()
        .filter(row -> known.add(row.eventId()))
        .sorted(Comparator.comparingLong(TimelineItem::eventTime))
        .forEach(
            row ->
                deliveries.add(
                    new Delivery(
                        row.eventId(),
                        row.status(),
                        row.providerStatus(),
                        row.eventTime(),
                        null,
                        null)));
    found.events().forEach(event -> deliveries.add(Delivery.of(event)));
    return new ExplainedMessage(
        message, Explanation.of(message.getFacts(), deliveries), found.complete());
  }

  private CompletableFuture<List<TimelineItem>> rows(Tenant tenant, MessageRevision message) {
    String user = Facts.text(message.getFacts(), Facts.USER_ID);
    if (user == null) {
      return CompletableFuture.completedFuture(List.of());
    }
    TimelineQuery query =
        new TimelineQuery(
            tenant.getId(),
            user,
            tenant.getTimelineShards(),
            "message.*",
            new PageRequest(MessageTimes.earliest(message), null, MOST_ROWS, null, budget));
    return timelines
        .timeline(tenant, query)
        .thenApply(
            page ->
                page.items().stream()
                    .map(PersonItem::event)
                    .filter(row -> message.getMessageId().equals(row.messageId()))
                    .toList());
  }
}
