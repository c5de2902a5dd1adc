package io.postflight.replay.deadletter;

import io.postflight.schema.erasure.ErasureIndex;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.RedriveHeaders;
import io.postflight.schema.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a letter that is to be redriven, and makes the record that is sent.
 *
 * <p>Erasure: a webhook is sent back in any case, since nobody knows what stands in it before it is
 * normalized; the lifecycle drops what was erased. An event is held against the ledger here and
 * once more by the lifecycle. A tier's record goes straight to the sink, which asks nobody: it is
 * sent only if it can be read, without what was erased.
 */
final class RedrivePolicy {
  private static final List<String> OF_THE_LETTER =
      List.of(
          DeadLetterHeaders.REASON,
          DeadLetterHeaders.DETAIL,
          DeadLetterHeaders.STAGE,
          DeadLetterHeaders.INDICES,
          DeadLetterHeaders.SOURCE_TOPIC,
          DeadLetterHeaders.SOURCE_PARTITION,
          DeadLetterHeaders.SOURCE_OFFSET,
          DeadLetterHeaders.SOURCE_TIMESTAMP);

  private final Topics topics;
  private final Set<String> tiers;
  private final DeadLetterReader reader;
  private final EventsAgeLimit events;
  private final InstantSource clock;

  RedrivePolicy(
      Topics topics,
      Set<String> tiers,
      DeadLetterReader reader,
      EventsAgeLimit events,
      InstantSource clock) {
    this.topics = topics;
    this.tiers = tiers;
    this.reader = reader;
    this.events = events;
    this.clock = clock;
  }

  /** Decides. */
  RedriveDecision decide(DeadLetterRecord letter, ErasureIndex erased) {
    Route route = Route.of(letter, topics, tiers);
    if (route instanceof Route.To to) {
      return switch (to.kind()) {
        case RAW -> webhook(letter, to);
        case EVENTS -> event(letter, to, erased);
        case TIER -> rows(letter, to, erased);
      };
    }
    return new RedriveDecision.Impossible(((Route.Nowhere) route).why());
  }

  private RedriveDecision webhook(DeadLetterRecord letter, Route.To to) {
    Long known = letter.receivedAt();
    long receivedAt = known != null ? known : sourceTime(letter);
    String tooOld = events.tooOld(receivedAt, clock.millis());
    if (tooOld != null) {
      return new RedriveDecision.Impossible(tooOld);
    }
    Headers headers = headers(letter);
    if (headers.lastHeader(RawHeaders.RECEIVED_AT) == null) {
      put(headers, RawHeaders.RECEIVED_AT, Long.toString(receivedAt));
    }
    String indices = letter.indices();
    if (indices != null) {
      put(headers, RawHeaders.REDRIVE_INDICES, indices);
    }
    // The arrival is in the header. As the record's time it could be older than the topic's
    // retention, and the record be deleted before it is read.
    return send(to, clock.millis(), letter, letter.value(), headers);
  }

  private RedriveDecision event(DeadLetterRecord letter, Route.To to, ErasureIndex erased) {
    DeadLetterContent content = reader.read(letter, to);
    boolean covered =
        content instanceof DeadLetterContent.Event readable
            ? covers(erased, readable.event())
            : coversKey(erased, letter);
    if (covered) {
      return new RedriveDecision.Erased();
    }
    long receivedAt =
        content instanceof DeadLetterContent.Event readable
            ? readable.event().getReceivedAt()
            : sourceTime(letter);
    String tooOld = events.tooOld(receivedAt, clock.millis());
    return tooOld == null
        ? send(to, receivedAt, letter, letter.value(), headers(letter))
        : new RedriveDecision.Impossible(tooOld);
  }

  private RedriveDecision rows(DeadLetterRecord letter, Route.To to, ErasureIndex erased) {
    DeadLetterContent content = reader.read(letter, to);
    if (content instanceof DeadLetterContent.Rows readable) {
      TierRecord left = erased.leftOf(readable.record());
      if (left == null) {
        return new RedriveDecision.Erased();
      }
      byte[] value =
          left.equals(readable.record()) ? letter.value() : reader.bytes(to.topic(), left);
      return send(to, clock.millis(), letter, value, headers(letter));
    }
    return coversKey(erased, letter)
        ? new RedriveDecision.Erased()
        : new RedriveDecision.Impossible(
            "it cannot be read, so that nobody can say whether it was erased: "
                + (content instanceof DeadLetterContent.Unreadable bad ? bad.why() : "no rows"));
  }

  private static boolean covers(ErasureIndex erased, MessageEvent event) {
    String message = event.getMessageId();
    String user = event.getUserId();
    return (message != null && erased.erasesMessage(event.getTenant(), message))
        || (user != null
            && erased.erasesUser(
                event.getTenant(), user, Math.min(event.getEventTime(), event.getReceivedAt())));
  }

  /** Of bytes that nobody can read only the key is known: any erasure of what it names counts. */
  private static boolean coversKey(ErasureIndex erased, DeadLetterRecord letter) {
    String tenant = letter.tenant();
    String subject = letter.keySubject();
    if (tenant == null || subject == null) {
      return false;
    }
    int bar = subject.indexOf('|');
    return erased.erasesMessage(tenant, subject)
        || erased.erasesUser(tenant, subject, Long.MIN_VALUE)
        || (bar > 0 && erased.erasesUser(tenant, subject.substring(0, bar), Long.MIN_VALUE));
  }

  private static RedriveDecision send(
      Route.To to,
      long timestamp,
      DeadLetterRecord letter,
      byte @Nullable [] value,
      Headers headers) {
    return new RedriveDecision.Send(
        new ProducerRecord<>(
            to.topic(), null, Math.max(0, timestamp), letter.key(), value, headers));
  }

  /** The source record's own, and the marks. */
  private static Headers headers(DeadLetterRecord letter) {
    Headers headers = new RecordHeaders(letter.recordHeaders().toArray());
    OF_THE_LETTER.forEach(headers::remove);
    put(headers, RedriveHeaders.REDRIVEN_FROM, letter.id().toString());
    put(headers, RedriveHeaders.REDRIVE_COUNT, Integer.toString(letter.redriveCount() + 1));
    return headers;
  }

  private static long sourceTime(DeadLetterRecord letter) {
    Long time = letter.sourceTimestamp();
    return time == null ? letter.time() : time;
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
