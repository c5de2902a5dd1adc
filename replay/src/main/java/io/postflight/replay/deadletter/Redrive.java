package io.postflight.replay.deadletter;

import io.postflight.schema.erasure.ErasureIndex;
import io.postflight.schema.erasure.ErasureLedger;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.topic.MissingTopicException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters back to their source topic, with key, bytes, arrival time and redrive headers.
 * Of a webhook only the rejected entries are processed again.
 *
 * <p>A dead letter is redriven once: the record and its redrive marker are written in one
 * transaction. A record that fails again becomes a new dead letter, which the next redrive
 * includes. One that was repeated after a crash is treated as the first of its kind was, and not
 * counted again. A dead letter that is sent twice ({@link RedriveSettings#again}) does not
 * duplicate rows, which are keyed by event id and anchor.
 *
 * <p>Before a transaction commits, the erasure ledger is read to its end again: a later command
 * reaches the partition after the record, and so applies to it.
 */
public final class Redrive {
  private static final int BATCH = 500;
  private static final long BATCH_BYTES = 8 << 20;
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final DeadLetterContext context;
  private final RedriveSettings settings;
  private final DeadLetterFilter filter;
  private final InstantSource clock;
  private final RedriveListener listener;
  private final Function<Map<String, Object>, Producer<byte[], byte[]>> producers;

  /** What the ledger covers, as far as it has been read. */
  private final ErasureIndex erasures = new ErasureIndex();

  private final RepeatedDeadLetters repeated = new RepeatedDeadLetters();

  private long begun;
  private long read;
  private long matched;
  private long redriven;
  private long skippedErased;
  private long skippedDone;
  private long failed;

  /** A dead letter and the record to send for it. */
  private record Outgoing(DeadLetterRecord deadLetter, ProducerRecord<byte[], byte[]> record) {}

  /** Resources of a run. */
  private record Resources(
      RedrivePolicy policy,
      DeadLetterReader reader,
      ErasureLedger ledger,
      @Nullable RedriveProducer producer) {}

  /** Creates one run. */
  public Redrive(
      DeadLetterContext context,
      RedriveSettings settings,
      InstantSource clock,
      RedriveListener listener) {
    this(
        context,
        settings,
        clock,
        listener,
        config ->
            new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()));
  }

  /**
   * @param producers creates a producer from a configuration
   */
  Redrive(
      DeadLetterContext context,
      RedriveSettings settings,
      InstantSource clock,
      RedriveListener listener,
      Function<Map<String, Object>, Producer<byte[], byte[]>> producers) {
    this.context = context;
    this.settings = settings;
    this.filter = settings.filter();
    this.clock = clock;
    this.listener = listener;
    this.producers = producers;
  }

  /**
   * Runs once. Safe to interrupt or kill at any time and to run again.
   *
   * @throws MissingTopicException if a required topic does not exist
   * @throws RedriveTakenOverException if another redrive has started
   * @throws org.apache.kafka.common.KafkaException if Kafka or the schema registry is unavailable
   */
  public RedriveReport run() throws InterruptedException {
    try (Admin admin = Admin.create(Map.copyOf(context.kafka()));
        DeadLetterReader reader = new DeadLetterReader(context.serdes());
        ErasureLedger ledger =
            ErasureLedger.open(
                context.kafka(), context.topics().erasures(), context.serdes(), context.timeout());
        RedriveProducer producer = settings.dryRun() ? null : producer()) {
      EventsAgeLimit age = EventsAgeLimit.of(admin, context.topics().events(), context.timeout());
      RedrivePolicy policy =
          new RedrivePolicy(context.topics(), context.tiers(), reader, age, clock);
      if (producer != null) {
        producer.begin();
      }
      boolean unused = readCommands(ledger);
      begun = System.nanoTime();
      redrive(new Resources(policy, reader, ledger, producer));
    }
    return new RedriveReport(
        settings.dryRun(), read, matched, redriven, skippedErased, skippedDone, failed);
  }

  private RedriveProducer producer() {
    return new RedriveProducer(
        producers.apply(
            RedriveProducer.config(context.kafka(), context.topics(), context.timeout())));
  }

  private void redrive(Resources resources) throws InterruptedException {
    try (TopicScan scan =
        TopicScan.open(
            context.kafka(),
            context.topics().deadLetters(),
            settings.from(),
            settings.to(),
            context.timeout())) {
      // Read after the previous producer is fenced, so that it cannot add more.
      RedrivenDeadLetters done = RedrivenDeadLetters.read(context, scan.firstOffsets());
      // At most the records of a second.
      int batchSize = settings.rate() == 0 ? BATCH : Math.min(settings.rate(), BATCH);
      List<Outgoing> batch = new ArrayList<>();
      long bytes = 0;
      ConsumerRecord<byte[], byte[]> record;
      while ((record = scan.next()) != null) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        read++;
        Outgoing outgoing = consider(new DeadLetterRecord(record), done, resources);
        if (outgoing != null) {
          batch.add(outgoing);
          bytes += size(outgoing.record());
        }
        if (batch.size() >= batchSize || bytes >= BATCH_BYTES) {
          send(batch, done, resources);
          batch.clear();
          bytes = 0;
        }
        listener.at(scan.done(), scan.total());
      }
      send(batch, done, resources);
      listener.at(scan.total(), scan.total());
    }
  }

  /** The record to send for a dead letter; null: none. */
  private @Nullable Outgoing consider(
      DeadLetterRecord deadLetter, RedrivenDeadLetters done, Resources resources) {
    if (!filter.matchesHeaders(deadLetter)
        || !matchesProvider(deadLetter, resources.reader())
        || repeated.repeats(deadLetter)) {
      return null;
    }
    matched++;
    if (!settings.again() && done.contains(deadLetter.id())) {
      skippedDone++;
      return null;
    }
    return decide(deadLetter, resources);
  }

  private boolean matchesProvider(DeadLetterRecord deadLetter, DeadLetterReader reader) {
    String wanted = filter.provider();
    return wanted == null
        || wanted.equals(
            reader.provider(deadLetter, Route.of(deadLetter, context.topics(), context.tiers())));
  }

  private @Nullable Outgoing decide(DeadLetterRecord deadLetter, Resources resources) {
    RedriveDecision decision = resources.policy().decide(deadLetter, erasures);
    if (decision instanceof RedriveDecision.Send send) {
      return new Outgoing(deadLetter, send.record());
    }
    if (decision instanceof RedriveDecision.Impossible impossible) {
      fail(deadLetter, impossible.reason());
    } else {
      skippedErased++;
    }
    return null;
  }

  private void fail(DeadLetterRecord deadLetter, String why) {
    failed++;
    listener.failed(deadLetter.id(), why);
  }

  private void send(List<Outgoing> batch, RedrivenDeadLetters done, Resources resources)
      throws InterruptedException {
    if (resources.producer() == null) {
      redriven += batch.size();
      return;
    }
    List<Outgoing> left = List.copyOf(batch);
    while (!left.isEmpty()) {
      left = attempt(left, done, resources, resources.producer());
    }
    awaitRate();
  }

  /** Waits until the average rate since the start allows what was sent. */
  private void awaitRate() throws InterruptedException {
    if (settings.rate() > 0) {
      long due = begun + Math.multiplyExact(redriven, NANOS_PER_SECOND) / settings.rate();
      TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
    }
  }

  /** Sends a batch in one transaction; returns what is still to be sent. */
  private List<Outgoing> attempt(
      List<Outgoing> batch,
      RedrivenDeadLetters done,
      Resources resources,
      RedriveProducer producer) {
    String refusal = producer.send(batch.stream().map(Outgoing::record).toList());
    if (refusal != null) {
      producer.abort();
      if (batch.size() == 1) {
        fail(batch.get(0).deadLetter(), "Kafka rejected it: " + refusal);
        return List.of();
      }
      // One record was rejected, and Kafka does not report which.
      for (Outgoing each : batch) {
        List<Outgoing> left = List.of(each);
        while (!left.isEmpty()) {
          left = attempt(left, done, resources, producer);
        }
      }
      return List.of();
    }
    if (readCommands(resources.ledger())) {
      producer.abort();
      return batch.stream()
          .map(outgoing -> decide(outgoing.deadLetter(), resources))
          .filter(Objects::nonNull)
          .toList();
    }
    List<DeadLetterId> ids = batch.stream().map(outgoing -> outgoing.deadLetter().id()).toList();
    producer.commit(
        new ProducerRecord<>(context.topics().redrivenDeadLetters(), null, done.marker(ids)));
    done.add(ids);
    redriven += batch.size();
    return List.of();
  }

  /** Reads what has been appended to the ledger; returns whether it contained a command. */
  private boolean readCommands(ErasureLedger ledger) {
    AtomicBoolean any = new AtomicBoolean();
    ledger.read(
        entry -> {
          erasures.add(entry);
          if (ErasureScopes.isCommand(entry)) {
            any.set(true);
          }
        });
    return any.get();
  }

  private static long size(ProducerRecord<byte[], byte[]> record) {
    long size = record.value() == null ? 0 : record.value().length;
    return size + (record.key() == null ? 0 : record.key().length);
  }
}
