package io.postflight.replay.deadletter;

import io.postflight.schema.erasure.ErasureIndex;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.AliasLinks;
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
 * Decides whether a dead letter is redriven, and builds the record to send.
 *
 * <p>Erasure: a webhook is always sent, since its content is unknown before normalization; the
 * lifecycle drops erased events. An event is checked against the erasure ledger here and again by
 * the lifecycle, and sent without redacted fields. A tier record goes to the sink, which does not
 * consult the ledger: it is sent only if it can be decoded, without erased content.
 */
final class RedrivePolicy {
  private static final List<String> DEAD_LETTER_HEADERS =
      List.of(
          DeadLetterHeaders.REASON,
          DeadLetterHeaders.DETAIL,
          DeadLetterHeaders.STAGE,
          DeadLetterHeaders.REASONS,
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
  RedriveDecision decide(DeadLetterRecord deadLetter, ErasureIndex erased) {
    Route route = Route.of(deadLetter, topics, tiers);
    if (route instanceof Route.To to) {
      return switch (to.kind()) {
        case RAW -> webhook(deadLetter, to);
        case EVENTS -> event(deadLetter, to, erased);
        case TIER -> rows(deadLetter, to, erased);
      };
    }
    return new RedriveDecision.Impossible(((Route.Nowhere) route).reason());
  }

  private RedriveDecision webhook(DeadLetterRecord deadLetter, Route.To to) {
    Long known = deadLetter.receivedAt();
    long receivedAt = known != null ? known : sourceTime(deadLetter);
    String tooOld = events.tooOld(receivedAt, clock.millis());
    if (tooOld != null) {
      return new RedriveDecision.Impossible(tooOld);
    }
    Headers headers = headers(deadLetter);
    if (headers.lastHeader(RawHeaders.RECEIVED_AT) == null) {
      put(headers, RawHeaders.RECEIVED_AT, Long.toString(receivedAt));
    }
    String indices = deadLetter.indices();
    if (indices != null) {
      put(headers, RawHeaders.REDRIVE_INDICES, indices);
    }
    // The arrival time is in the header. As the record's timestamp it could exceed the topic's
    // retention, and the record could be deleted before it is read.
    return send(to, clock.millis(), deadLetter, deadLetter.value(), headers);
  }

  private RedriveDecision event(DeadLetterRecord deadLetter, Route.To to, ErasureIndex erased) {
    DeadLetterContent content = reader.read(deadLetter, to);
    long receivedAt = sourceTime(deadLetter);
    byte[] value = deadLetter.value();
    if (content instanceof DeadLetterContent.EventContent readable) {
      MessageEvent left = erased.leftOf(readable.event());
      if (left == null) {
        return new RedriveDecision.Erased();
      }
      receivedAt = left.getReceivedAt();
      value = left.equals(readable.event()) ? value : reader.bytes(to.topic(), left);
    } else if (coversKey(erased, deadLetter)) {
      return new RedriveDecision.Erased();
    }
    String tooOld = events.tooOld(receivedAt, clock.millis());
    return tooOld == null
        ? send(to, receivedAt, deadLetter, value, headers(deadLetter))
        : new RedriveDecision.Impossible(tooOld);
  }

  private RedriveDecision rows(DeadLetterRecord deadLetter, Route.To to, ErasureIndex erased) {
    DeadLetterContent content = reader.read(deadLetter, to);
    if (content instanceof DeadLetterContent.RowsContent readable) {
      TierRecord left = erased.leftOf(readable.record());
      if (left == null || namesErased(readable.record().getIdentity(), erased)) {
        return new RedriveDecision.Erased();
      }
      byte[] value =
          left.equals(readable.record()) ? deadLetter.value() : reader.bytes(to.topic(), left);
      return send(to, clock.millis(), deadLetter, value, headers(deadLetter));
    }
    return coversKey(erased, deadLetter)
        ? new RedriveDecision.Erased()
        : new RedriveDecision.Impossible(
            "it cannot be decoded, so it is unknown whether it was erased: "
                + (content instanceof DeadLetterContent.UnreadableContent bad
                    ? bad.reason()
                    : "no rows"));
  }

  /**
   * Whether links name an id that was erased. They may be older than the erasure, and what replaced
   * them is not known; the topic of all links has it.
   */
  private static boolean namesErased(@Nullable AliasLinks links, ErasureIndex erased) {
    return links != null
        && (erased.erasesAnyOf(links.getTenant(), links.getAlias())
            || links.getLinks().stream()
                .anyMatch(link -> erased.erasesAnyOf(links.getTenant(), link.getAlias())));
  }

  /** Of undecodable bytes only the key is known: any erasure of its subject applies. */
  private static boolean coversKey(ErasureIndex erased, DeadLetterRecord deadLetter) {
    String tenant = deadLetter.tenant();
    String subject = deadLetter.keySubject();
    if (tenant == null || subject == null) {
      return false;
    }
    int bar = subject.indexOf('|');
    return erased.erasesMessage(tenant, subject)
        || erased.erasesAnyOf(tenant, subject)
        || (bar > 0 && erased.erasesAnyOf(tenant, subject.substring(0, bar)));
  }

  private static RedriveDecision send(
      Route.To to,
      long timestamp,
      DeadLetterRecord deadLetter,
      byte @Nullable [] value,
      Headers headers) {
    return new RedriveDecision.Send(
        new ProducerRecord<>(
            to.topic(), null, Math.max(0, timestamp), deadLetter.key(), value, headers));
  }

  /** The headers of the source record, and those of the redrive. */
  private static Headers headers(DeadLetterRecord deadLetter) {
    Headers headers = new RecordHeaders(deadLetter.recordHeaders().toArray());
    DEAD_LETTER_HEADERS.forEach(headers::remove);
    put(headers, RedriveHeaders.REDRIVEN_FROM, deadLetter.id().toString());
    put(headers, RedriveHeaders.REDRIVE_COUNT, Integer.toString(deadLetter.redriveCount() + 1));
    return headers;
  }

  private static long sourceTime(DeadLetterRecord deadLetter) {
    Long time = deadLetter.sourceTimestamp();
    return time == null ? deadLetter.time() : time;
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
