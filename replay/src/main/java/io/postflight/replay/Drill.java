package io.postflight.replay;

import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.sink.write.BulkWriter;
import io.postflight.store.Rows;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Exercises disaster recovery on scratch tables and topics: fills them with generated messages,
 * drops the tables, restores them from the topic and verifies them.
 */
public final class Drill {
  private static final Duration SLICE = Duration.ofMillis(200);
  private static final int REPORT_EVERY = 500;

  private final TierReplay replay;
  private final Keyspace keyspace;
  private final Observer observer;

  /** The tables of a drill. */
  public interface Keyspace extends AutoCloseable {
    /** Creates empty tables and connects to them. */
    ReplayStore create();

    /** Drops the tables. */
    void drop();

    /** Number of rows in the tables. */
    long rows();

    /** Removes the keyspace. */
    @Override
    void close();
  }

  /** Receives the progress of a drill. */
  public interface Observer {
    /** A step starts. */
    void step(String what);

    /**
     * Progress of a step.
     *
     * @param total more than 0
     * @param unit name of the units
     */
    void at(String what, long done, long total, String unit);
  }

  private Drill(TierReplay replay, Keyspace keyspace, Observer observer) {
    this.replay = replay;
    this.keyspace = keyspace;
    this.observer = observer;
  }

  /**
   * Runs a drill.
   *
   * @param replay of the scratch topics, which are empty
   * @param messages number of messages
   * @throws ReplayException if a required server is unavailable
   */
  public static DrillReport run(
      TierReplay replay, Keyspace keyspace, int messages, Observer observer)
      throws InterruptedException {
    if (messages < 1) {
      throw new IllegalArgumentException("messages is " + messages + "; allowed: 1 or more");
    }
    return new Drill(replay, keyspace, observer).run(messages);
  }

  private DrillReport run(int messages) throws InterruptedException {
    observer.step("Filling the scratch tables with %,d messages".formatted(messages));
    fill(keyspace.create(), messages);
    long rows = keyspace.rows();
    observer.step("Dropping %,d rows".formatted(rows));
    keyspace.drop();
    ReplayStore store = keyspace.create();
    observer.step("Restoring the rows");
    RestoreReport restored =
        Restore.run(
            replay,
            store,
            RestoreSettings.of("drill", new RestoreSettings.ReplayRange(0, null, null)),
            at ->
                observer.at(
                    "%,d rows written".formatted(at.rowsWritten()),
                    at.done(),
                    at.total(),
                    "offsets"));
    long restoredRows = keyspace.rows();
    observer.step("Verifying the rows");
    VerifyReport verified =
        Verify.run(
            replay,
            store.reader(),
            VerifySettings.of(0, null).withRechecks(1, Duration.ofSeconds(1)).exact(),
            at ->
                observer.at(
                    "%,d rows checked".formatted(at.rowsChecked()),
                    at.done(),
                    at.total(),
                    "offsets"));
    long millis = Math.max(1, restored.millis());
    return new DrillReport(
        replay.tier().name(),
        rows,
        restoredRows,
        Math.max(verified.different(), Math.abs(rows - restoredRows)),
        millis / 1e3,
        restoredRows * 1000 / millis);
  }

  private void fill(ReplayStore store, int messages) throws InterruptedException {
    DrillRecords generated =
        new DrillRecords(replay.tier(), messages, System.currentTimeMillis(), messages);
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (KafkaProducer<String, byte[]> producer = producer();
        Serde<TierRecord> serde = replay.serdes().value(TierRecord.class);
        BulkWriter writer = new BulkWriter("drill", store.writer(), replay.limits())) {
      for (int i = 0; i < messages; i++) {
        for (TierRecord record : generated.message(i)) {
          send(producer, serde, record, failure);
          while (!writer.submit(Rows.of(record, replay.tier()), refusal -> {}, SLICE)) {
            observer.at("Filling", i, messages, "messages");
          }
        }
        if (i % REPORT_EVERY == 0) {
          observer.at("Filling", i, messages, "messages");
        }
      }
      producer.flush();
      while (!writer.awaitEmpty(SLICE)) {
        observer.at("Filling", messages, messages, "messages");
      }
      observer.at("Filling", messages, messages, "messages");
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw ReplayException.unavailable("Kafka rejected a record: " + failed.getMessage(), failed);
    }
  }

  private void send(
      KafkaProducer<String, byte[]> producer,
      Serde<TierRecord> serde,
      TierRecord record,
      AtomicReference<@Nullable Exception> failure) {
    String topic = replay.topics().get(0);
    List<TimelineEntry> entries = record.getTimeline();
    String user = entries.isEmpty() ? null : entries.get(0).getEvent().getUserId();
    try {
      // The callback receives the outcome.
      var unused =
          producer.send(
              new ProducerRecord<>(
                  topic,
                  RecordKeys.ofTimeline(record.getTenant(), user, ""),
                  serde.serializer().serialize(topic, record)),
              (at, failed) -> {
                if (failed != null) {
                  failure.compareAndSet(null, failed);
                }
              });
    } catch (KafkaException failed) {
      failure.compareAndSet(null, failed);
    }
  }

  private KafkaProducer<String, byte[]> producer() {
    Map<String, Object> config = new HashMap<>(replay.kafka());
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, replay.timeout().toMillis());
    return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
  }
}
