package io.postflight.replay.deadletter;

import io.postflight.schema.erasure.ErasureIndex;
import io.postflight.schema.erasure.ErasureLedger;
import io.postflight.schema.topic.MissingTopicException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * Sends dead letters back to the topic that their records were read from, with their key, their
 * bytes, their arrival, and a mark; of webhooks only the rejected entries are taken again.
 *
 * <p>A letter is sent back once: the record and the note of it go in one transaction. A record that
 * fails again becomes a letter of its own, which the next redrive takes. Should a letter be sent
 * twice after all ({@link RedriveSettings#again}), no row is doubled: rows follow from event id and
 * anchor.
 *
 * <p>Before a transaction ends the ledger of erasures is read to its end once more: a command that
 * is written later reaches the partition behind the record, and so covers it.
 */
public final class Redrive {
  private static final int BATCH = 500;
  private static final long BATCH_BYTES = 8 << 20;

  private final DeadLetterContext context;
  private final RedriveSettings settings;
  private final DeadLetterFilter filter;
  private final InstantSource clock;
  private final RedriveListener listener;
  private final Function<Map<String, Object>, Producer<byte[], byte[]>> producers;

  /** What the ledger covers, as far as it has been read. */
  private final ErasureIndex erasures = new ErasureIndex();

  private long read;
  private long matched;
  private long redriven;
  private long skippedErased;
  private long skippedDone;
  private long failed;

  /** A letter that is to be sent, as this record. */
  private record Parcel(DeadLetterRecord letter, ProducerRecord<byte[], byte[]> record) {}

  /** What the work needs while it goes on. */
  private record Tools(
      RedrivePolicy policy,
      DeadLetterReader reader,
      ErasureLedger ledger,
      @Nullable RedriveProducer producer,
      RedriveRate pace) {}

  /** Prepares one run. */
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
   * @param producers makes the producer of a configuration
   */
  Redrive(
      DeadLetterContext context,
      RedriveSettings settings,
      InstantSource clock,
      RedriveListener listener,
      Function<Map<String, Object>, Producer<byte[], byte[]>> producers) {
    this.context = context;
    this.settings = settings;
    this.filter = settings.filter().withoutUnsupported();
    this.clock = clock;
    this.listener = listener;
    this.producers = producers;
  }

  /**
   * Does it, once. May be interrupted or killed at any time and run again.
   *
   * @throws MissingTopicException if a topic that is needed does not exist
   * @throws RedriveTakenOverException if another redrive has begun meanwhile
   * @throws org.apache.kafka.common.KafkaException if Kafka or the schema registry is away
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
      redrive(new Tools(policy, reader, ledger, producer, new RedriveRate(settings.rate())));
    }
    return new RedriveReport(read, matched, redriven, skippedErased, skippedDone, failed);
  }

  private RedriveProducer producer() {
    return new RedriveProducer(
        producers.apply(
            RedriveProducer.config(context.kafka(), context.topics(), context.timeout())));
  }

  private void redrive(Tools tools) throws InterruptedException {
    try (TopicScan scan =
        TopicScan.open(
            context.kafka(),
            context.topics().deadLetters(),
            settings.from(),
            settings.to(),
            context.timeout())) {
      // Read after the predecessor is barred: it can add nothing any more.
      RedrivenDeadLetters done = RedriveLog.read(context, scan.firstOffsets());
      List<Parcel> batch = new ArrayList<>();
      long bytes = 0;
      ConsumerRecord<byte[], byte[]> record;
      while ((record = scan.next()) != null) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        read++;
        Parcel parcel = consider(new DeadLetterRecord(record), done, tools);
        if (parcel != null) {
          batch.add(parcel);
          bytes += size(parcel.record());
        }
        if (batch.size() >= tools.pace().most(BATCH) || bytes >= BATCH_BYTES) {
          send(batch, done, tools);
          batch.clear();
          bytes = 0;
        }
        listener.at(scan.done(), scan.total());
      }
      send(batch, done, tools);
    }
  }

  /** The parcel that a letter makes; null: none. */
  private @Nullable Parcel consider(
      DeadLetterRecord letter, RedrivenDeadLetters done, Tools tools) {
    if (!filter.matchesHeaders(letter) || !matchesProvider(letter, tools.reader())) {
      return null;
    }
    matched++;
    if (!settings.again() && done.contains(letter.id())) {
      skippedDone++;
      return null;
    }
    return decide(letter, tools);
  }

  private boolean matchesProvider(DeadLetterRecord letter, DeadLetterReader reader) {
    String wanted = filter.provider();
    return wanted == null
        || wanted.equals(
            reader.provider(letter, Route.of(letter, context.topics(), context.tiers())));
  }

  private @Nullable Parcel decide(DeadLetterRecord letter, Tools tools) {
    RedriveDecision decision = tools.policy().decide(letter, erasures);
    if (decision instanceof RedriveDecision.Send send) {
      return new Parcel(letter, send.record());
    }
    if (decision instanceof RedriveDecision.Impossible impossible) {
      fail(letter, impossible.why());
    } else {
      skippedErased++;
    }
    return null;
  }

  private void fail(DeadLetterRecord letter, String why) {
    failed++;
    listener.failed(letter.id(), why);
  }

  private void send(List<Parcel> batch, RedrivenDeadLetters done, Tools tools)
      throws InterruptedException {
    if (tools.producer() == null) {
      redriven += batch.size();
      return;
    }
    List<Parcel> left = List.copyOf(batch);
    while (!left.isEmpty()) {
      left = attempt(left, done, tools, tools.producer());
    }
    tools.pace().await(redriven);
  }

  /** What has still to be sent after it. */
  private List<Parcel> attempt(
      List<Parcel> parcels, RedrivenDeadLetters done, Tools tools, RedriveProducer producer) {
    String refusal = producer.send(parcels.stream().map(Parcel::record).toList());
    if (refusal != null) {
      producer.abort();
      if (parcels.size() == 1) {
        fail(parcels.get(0).letter(), "Kafka does not take it: " + refusal);
        return List.of();
      }
      // One of them is bad, and Kafka does not say which.
      for (Parcel each : parcels) {
        List<Parcel> left = List.of(each);
        while (!left.isEmpty()) {
          left = attempt(left, done, tools, producer);
        }
      }
      return List.of();
    }
    if (readCommands(tools.ledger())) {
      producer.abort();
      return parcels.stream()
          .map(parcel -> decide(parcel.letter(), tools))
          .filter(Objects::nonNull)
          .toList();
    }
    List<DeadLetterId> ids = parcels.stream().map(parcel -> parcel.letter().id()).toList();
    producer.commit(
        new ProducerRecord<>(context.topics().redrivenDeadLetters(), null, done.note(ids)));
    done.add(ids);
    redriven += parcels.size();
    return List.of();
  }

  /** Takes in what has been appended to the ledger; returns whether a command was among it. */
  private boolean readCommands(ErasureLedger ledger) {
    AtomicBoolean any = new AtomicBoolean();
    ledger.read(
        entry -> {
          erasures.add(entry);
          if (entry.getCompletedAt() == null) {
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
