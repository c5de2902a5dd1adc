package io.postflight.operations.normalize;

import io.postflight.operations.KafkaSettings;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.Progress;
import io.postflight.operations.normalize.ComparedEvent.EventSide;
import io.postflight.operations.normalize.ComparedEvent.Identity;
import io.postflight.operations.normalize.EventDifference.DifferenceKind;
import io.postflight.schema.erasure.ErasureIndex;
import io.postflight.schema.erasure.ErasureLedger;
import io.postflight.schema.event.EventJson;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.serde.AvroSerdes;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the events of both sides, range by range, and appends what is new or changed if that is
 * requested. Erased events and redacted fields are neither compared nor appended.
 *
 * <p>Of several events with one identity the last one counts, as it does for the lifecycle of its
 * message: the normalizer may have been repeated, or the differences of an earlier run appended.
 */
final class EventComparison implements SpilledEvents.RangeListener, AutoCloseable {
  private final ReplayCounts counts;
  private final Progress progress;
  private final long total;
  private final Consumer<EventDifference> each;
  private final Map<String, String> kafka;
  private final Duration timeout;
  private final String ledger;
  private final AvroSerdes serdes;
  private final @Nullable EventProducer producer;

  private long done;

  /** Read when there is a difference. */
  private @Nullable ErasureIndex erasures;

  /**
   * Opens a producer if differences are appended.
   *
   * @param total number of events of both sides
   */
  EventComparison(
      OperationsSettings settings,
      NormalizeReplayRequest request,
      ReplayCounts counts,
      long total,
      Progress progress,
      Consumer<EventDifference> each) {
    this.counts = counts;
    this.total = total;
    this.progress = progress;
    this.each = each;
    kafka = settings.kafka().readerProperties();
    timeout = KafkaSettings.timeout(kafka);
    ledger = settings.kafka().topics().erasures();
    serdes = settings.registry().serdesOfCommand();
    producer =
        request.apply()
            ? new EventProducer(kafka, settings.kafka().topics().events(), serdes, timeout)
            : null;
  }

  /** Both sides of an event. */
  private static final class Sides {
    private @Nullable ComparedEvent then;
    private @Nullable ComparedEvent now;

    private MessageEvent event() {
      ComparedEvent any = now == null ? then : now;
      return Objects.requireNonNull(any).event();
    }
  }

  @Override
  public void range(List<ComparedEvent> events) throws InterruptedException {
    Map<Identity, Sides> sides = new HashMap<>();
    for (ComparedEvent event : events) {
      Sides known = sides.computeIfAbsent(event.identity(), none -> new Sides());
      if (event.side() == EventSide.PRESENT) {
        known.now = event;
      } else {
        known.then = event;
      }
    }
    long sent = 0;
    for (Sides compared :
        sides.values().stream()
            .sorted(Comparator.comparing(Sides::event, ComparedEvent.ORDER))
            .toList()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      sent += compare(compared) ? 1 : 0;
    }
    if (producer != null) {
      producer.flush();
      counts.applied += sent;
    }
    done += events.size();
    progress.at("Comparing", done, total, "events");
  }

  /** Returns whether an event is sent. */
  private boolean compare(Sides sides) {
    ComparedEvent now = sides.now;
    ComparedEvent then = sides.then;
    counts.events += now == null ? 0 : 1;
    boolean outside = now == null && then != null && then.side() == EventSide.OUTSIDE;
    if (outside || (now != null && then != null && isEqual(now.event(), then.event()))) {
      return false;
    }
    ErasureIndex erased = erasures();
    @Nullable MessageEvent existing = then == null ? null : erased.leftOf(then.event());
    @Nullable MessageEvent present = now == null ? null : erased.leftOf(now.event());
    if (now == null ? existing == null : present == null) {
      counts.skippedErased++;
      return false;
    }
    if (existing != null && present != null && isEqual(existing, present)) {
      return false;
    }
    EventDifference difference = new EventDifference(existing, present);
    DifferenceKind kind = difference.kind();
    counts.added += kind == DifferenceKind.NEW ? 1 : 0;
    counts.changed += kind == DifferenceKind.CHANGED ? 1 : 0;
    counts.gone += kind == DifferenceKind.GONE ? 1 : 0;
    each.accept(difference);
    if (producer == null || now == null || present == null) {
      return false;
    }
    producer.send(present, now.headers());
    return true;
  }

  /** Whether all fields are equal, without the reference to the webhook. */
  private static boolean isEqual(MessageEvent a, MessageEvent b) {
    return EventJson.event(a).equals(EventJson.event(b));
  }

  private ErasureIndex erasures() {
    ErasureIndex erased = erasures;
    if (erased == null) {
      erased = readErasures();
      erasures = erased;
    }
    return erased;
  }

  private ErasureIndex readErasures() {
    ErasureIndex index = new ErasureIndex();
    try (ErasureLedger entries = ErasureLedger.open(kafka, ledger, serdes, timeout)) {
      entries.read(index::add);
    }
    return index;
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close();
    }
  }
}
