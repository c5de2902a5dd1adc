package io.postflight.operations.normalize;

import io.postflight.operations.KafkaSettings;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.Progress;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.operations.normalize.ComparedEvent.EventSide;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.schema.topic.TopicLog;
import io.postflight.schema.topic.Topics;
import io.postflight.sink.write.ValueDecoder;
import io.postflight.topology.intake.NormalizeProcessor;
import io.postflight.topology.intake.RawRecord;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;

/**
 * Reads webhooks, which it normalizes, and then the events that exist.
 *
 * <p>The record of an event has the webhook's time of arrival as its timestamp, so no event of the
 * webhooks precedes the first record of that time. It may be anywhere behind it, also at the end: a
 * redrive, or an earlier run, appends events of old webhooks.
 */
final class ReplayReader implements AutoCloseable {
  private final OperationsSettings settings;
  private final Topics topics;
  private final ReplayScope scope;
  private final NormalizeReplayRequest request;
  private final Normalizer normalizer;
  private final Progress progress;
  private final ReplayCounts counts;
  private final TopicLog log;
  private final Serde<MessageEvent> serde;

  /** What is read of each partition of {@code raw.webhooks}. */
  private final Map<TopicPartition, OffsetRange> webhooks = new HashMap<>();

  /** Arrival of the first and the last webhook whose events are compared. */
  private long first = Long.MAX_VALUE;

  private long last = Long.MIN_VALUE;

  ReplayReader(
      OperationsSettings settings,
      ReplayScope scope,
      Normalizer normalizer,
      Progress progress,
      ReplayCounts counts) {
    this.settings = settings;
    this.topics = settings.kafka().topics();
    this.scope = scope;
    this.request = scope.request();
    this.normalizer = normalizer;
    this.progress = progress;
    this.counts = counts;
    Map<String, String> kafka = settings.kafka().readerProperties();
    this.log = TopicLog.open(kafka, KafkaSettings.timeout(kafka));
    this.serde = settings.registry().serdesOfCommand().value(MessageEvent.class);
  }

  /** Adds the events of both sides. */
  void read(KafkaAdmin admin, SpilledEvents events) throws IOException, InterruptedException {
    List<TopicPartition> partitions = log.partitions(topics.rawWebhooks());
    Map<TopicPartition, OffsetRange> retained = log.ranges(partitions, 0, Long.MAX_VALUE);
    log.ranges(partitions, request.from(), request.to())
        .forEach((each, range) -> webhooks.put(each, range));
    leaveOutUnprocessed(admin);
    scan("Normalizing webhooks", webhooks, webhook -> normalize(webhook, events));
    scan(
        "Reading events",
        log.ranges(
            log.partitions(topics.events()), Math.min(first, request.from()), Long.MAX_VALUE),
        event -> existing(event, retained, events));
  }

  /** Ends the ranges at the normalizer's offsets: the events behind them do not exist yet. */
  private void leaveOutUnprocessed(KafkaAdmin admin) {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.get(
            admin
                .client()
                .listConsumerGroupOffsets(settings.roles().normalizerId())
                .partitionsToOffsetAndMetadata());
    webhooks.replaceAll(
        (partition, range) -> {
          OffsetAndMetadata next = committed.get(partition);
          long processed = next == null ? 0 : next.offset();
          long end = Math.max(range.from(), Math.min(range.to(), processed));
          counts.notNormalized += range.to() - end;
          return new OffsetRange(range.from(), end);
        });
  }

  private interface RecordListener {
    void record(ConsumerRecord<byte[], byte[]> record) throws IOException;
  }

  private void scan(String what, Map<TopicPartition, OffsetRange> ranges, RecordListener listener)
      throws IOException, InterruptedException {
    log.seek(ranges);
    long total = ranges.values().stream().mapToLong(OffsetRange::length).sum();
    while (!log.isDone()) {
      for (ConsumerRecord<byte[], byte[]> record : log.poll()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        listener.record(record);
      }
      long left =
          ranges.keySet().stream().mapToLong(each -> log.end(each) - log.position(each)).sum();
      progress.at(what, total - left, total, "offsets");
    }
  }

  private void normalize(ConsumerRecord<byte[], byte[]> record, SpilledEvents events)
      throws IOException {
    RawRecord raw =
        RawRecord.read(
            record.value(),
            record.headers(),
            Math.max(0, record.timestamp()),
            new RawReference(record.partition(), record.offset(), 0));
    if (raw instanceof RawRecord.Invalid invalid) {
      if (request.provider().equals(invalid.provider()) && request.tenant() == null) {
        counts.records++;
        counts.rejected++;
      }
      return;
    }
    RawRecord.Valid valid = (RawRecord.Valid) raw;
    String tenant = valid.webhook().tenant();
    long receivedAt = valid.webhook().receivedAt();
    if (!request.provider().equals(valid.webhook().provider()) || !request.includes(tenant)) {
      return;
    }
    counts.records++;
    if (!scope.accepts(tenant, receivedAt)) {
      counts.skippedTenants++;
    } else if (!scope.isRetained(receivedAt)) {
      counts.skippedOld++;
    } else {
      first = Math.min(first, receivedAt);
      last = Math.max(last, receivedAt);
      for (Outcome outcome : valid.selected(normalizer.normalize(valid.webhook()))) {
        present(outcome, valid, record, events);
      }
    }
  }

  private void present(
      Outcome outcome,
      RawRecord.Valid raw,
      ConsumerRecord<byte[], byte[]> source,
      SpilledEvents events)
      throws IOException {
    if (outcome instanceof Outcome.Rejected rejected) {
      counts.rejected += rejected.reason() == RejectionReason.UNSUPPORTED_EVENT ? 0 : 1;
      return;
    }
    MessageEvent event = ((Outcome.Accepted) outcome).event();
    if (ComparedEvent.recordBytes(event) > NormalizeProcessor.MAX_EVENT_BYTES) {
      counts.rejected++;
      return;
    }
    events.add(new ComparedEvent(EventSide.PRESENT, event, raw.eventHeaders(source.headers())));
  }

  private void existing(
      ConsumerRecord<byte[], byte[]> record,
      Map<TopicPartition, OffsetRange> retained,
      SpilledEvents events)
      throws IOException {
    MessageEvent event;
    try {
      event =
          ValueDecoder.decode(
              serde.deserializer(), record.topic(), record.headers(), record.value());
    } catch (PoisonRecordException poison) {
      counts.unreadable++;
      return;
    }
    if (!request.provider().equals(event.getProvider()) || !request.includes(event.getTenant())) {
      return;
    }
    long receivedAt = event.getReceivedAt();
    RawReference raw = event.getRaw();
    boolean read = raw != null && contains(webhooks, raw);
    if (!read && raw != null && isDeleted(raw, retained) && isRequested(receivedAt)) {
      counts.rawDeleted++;
    }
    if ((read || (first <= receivedAt && receivedAt <= last))
        && scope.accepts(event.getTenant(), receivedAt)
        && scope.isRetained(receivedAt)) {
      events.add(
          new ComparedEvent(
              read ? EventSide.EXISTING : EventSide.OUTSIDE, event, new RecordHeaders()));
    }
  }

  private boolean isRequested(long receivedAt) {
    return request.from() <= receivedAt && receivedAt < request.to();
  }

  private boolean isDeleted(RawReference raw, Map<TopicPartition, OffsetRange> retained) {
    OffsetRange range = retained.get(partition(raw));
    return range == null || raw.getOffset() < range.from();
  }

  private boolean contains(Map<TopicPartition, OffsetRange> ranges, RawReference raw) {
    OffsetRange range = ranges.get(partition(raw));
    return range != null && range.from() <= raw.getOffset() && raw.getOffset() < range.to();
  }

  private TopicPartition partition(RawReference raw) {
    return new TopicPartition(topics.rawWebhooks(), raw.getPartition());
  }

  @Override
  public void close() {
    log.close();
    serde.close();
  }
}
