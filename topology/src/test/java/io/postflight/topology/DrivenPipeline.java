package io.postflight.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.Topics;
import io.postflight.topology.deadletter.DeadLetterExceptionHandler;
import io.postflight.topology.deadline.CaughtUp;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.punctuation.Pacing;
import io.postflight.topology.punctuation.PunctuationBudget;
import io.postflight.topology.runtime.CommitPacing;
import io.postflight.topology.runtime.OutageGate;
import io.postflight.topology.runtime.RocksMemory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * Both applications of the topology without a broker; the test controls their clock. Each event
 * that the normalizer writes is passed to the lifecycle at once.
 */
final class DrivenPipeline implements AutoCloseable {
  static final long NOW = 1_760_000_000_000L;
  static final Duration LEDGER = Duration.ofDays(120);

  final FixedTenants tenants =
      FixedTenants.of(
          TestTenants.tenant("acme", "30d"),
          TestTenants.tenant("globex", "15d"),
          TestTenants.tenant("lost", "45d"));

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Topics topics = new Topics("t.");
  private final String registryScope;
  private final AvroSerdes serdes;
  private final RocksMemory memory = new RocksMemory(16 << 20, 8 << 20);
  private final TopologyTestDriver normalizer;
  private final TopologyTestDriver lifecycle;
  private final TestInputTopic<byte[], byte[]> raw;
  private final TestOutputTopic<byte[], byte[]> normalized;
  private final TestInputTopic<byte[], byte[]> eventsTopic;
  private final TestInputTopic<String, Erasure> ledger;
  private final TestOutputTopic<byte[], byte[]> derived;
  private final TestInputTopic<byte[], byte[]> committedDerived;
  private final TestOutputTopic<String, Erasure> ledgerEntries;

  private final DrivenChangelogs changelogs;

  /** Events that the test has not read. */
  private final List<TestRecord<byte[], byte[]>> events = new ArrayList<>();

  /** Events of the webhooks that the normalizer has read since its last commit. */
  private final List<TestRecord<byte[], byte[]>> uncommitted = new ArrayList<>();

  private long asOf = CaughtUp.NEVER;
  private long nanos;

  DrivenPipeline(Path stateDir) {
    this(stateDir, "driven-" + stateDir.getFileName());
  }

  private DrivenPipeline(Path stateDir, String registryScope) {
    this.registryScope = registryScope;
    serdes = AvroSerdes.mock(registryScope);
    TopologySettings settings =
        TopologySettings.of(
                topics,
                Set.of("15d", "30d", "60d"),
                TopologyStreamsSettings.of(stateDir),
                Map.of("bootstrap.servers", "none:1"))
            .withLedgerRetention(LEDGER)
            .withTenantTimeout(Duration.ofMillis(100));
    PostflightTopology.Services services =
        new PostflightTopology.Services(tenants, serdes, Normalizer.ofAllProviders(), meters);
    PostflightTopology.Control control =
        new PostflightTopology.Control(
            new Pacing(() -> asOf, new PunctuationBudget(this::nanos)),
            new CommitPacing(this::nanos),
            new OutageGate("topology", tenants, () -> true, System::currentTimeMillis));
    DeadLetterExceptionHandler.DeadLetterSink poison =
        new DeadLetterExceptionHandler.DeadLetterSink(topics.deadLetters(), () -> {});
    normalizer =
        driver(
            PostflightTopology.normalizer(settings, services, control),
            StreamsConfiguration.normalizer(settings, poison));
    lifecycle =
        driver(
            PostflightTopology.lifecycle(settings, 1, services, control),
            StreamsConfiguration.lifecycle(settings, Duration.ofMinutes(1), memory, poison));
    changelogs = new DrivenChangelogs(lifecycle);
    raw =
        normalizer.createInputTopic(
            topics.rawWebhooks(), new ByteArraySerializer(), new ByteArraySerializer());
    normalized =
        normalizer.createOutputTopic(
            topics.events(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    eventsTopic =
        lifecycle.createInputTopic(
            topics.events(), new ByteArraySerializer(), new ByteArraySerializer());
    ledger =
        lifecycle.createInputTopic(
            topics.erasures(), new StringSerializer(), serdes.value(Erasure.class).serializer());
    derived =
        lifecycle.createOutputTopic(
            topics.identityErasures(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    committedDerived =
        normalizer.createInputTopic(
            topics.identityErasures(), new ByteArraySerializer(), new ByteArraySerializer());
    ledgerEntries =
        normalizer.createOutputTopic(
            topics.erasures(),
            new StringDeserializer(),
            serdes.value(Erasure.class).deserializer());
  }

  private static TopologyTestDriver driver(Topology topology, Map<String, Object> config) {
    Properties properties = new Properties();
    properties.putAll(config);
    return new TopologyTestDriver(topology, properties, Instant.ofEpochMilli(NOW));
  }

  /** A record of the ledger. */
  void erase(Erasure command) {
    ledger.pipeInput(command.getId(), command, command.getAt());
  }

  /**
   * Appends to the ledger what was derived from links and erasures since the last call.
   *
   * @return the commands and notices
   */
  List<Erasure> extendErasures() {
    List<Erasure> appended = new ArrayList<>();
    while (!derived.isEmpty()) {
      derived.readRecordsToList().forEach(committedDerived::pipeInput);
      for (Erasure entry : ledgerEntries.readValuesToList()) {
        ledger.pipeInput(entry.getId(), entry, entry.getAt());
        appended.add(entry);
      }
    }
    return appended;
  }

  /** The latest links of each id. */
  Map<String, AliasLinks> identity() {
    Map<String, AliasLinks> latest = new HashMap<>();
    read(topics.identity(), serdes.value(AliasLinks.class).deserializer())
        .forEach(links -> latest.put(links.key(), links.value()));
    return latest;
  }

  /** A webhook of {@code acme} in Postflight's own format, received at a time. */
  void events(long receivedAt, String json) {
    webhook("events", "acme", receivedAt, json);
  }

  /** One event of message m1 of user u1. */
  void status(String status, long eventTime, long receivedAt) {
    events(
        receivedAt,
        "{\"messageId\":\"m1\",\"userId\":\"u1\",\"status\":\"%s\",\"eventTime\":%d}"
            .formatted(status, eventTime));
  }

  void webhook(String provider, String tenant, long receivedAt, String body) {
    record(
        headers(provider, tenant, receivedAt), body.getBytes(StandardCharsets.UTF_8), receivedAt);
  }

  void record(Headers headers, byte @Nullable [] body) {
    record(headers, body, NOW);
  }

  void record(Headers headers, byte @Nullable [] body, long recordTime) {
    raw.pipeInput(new TestRecord<>(null, body, headers, recordTime));
    List<TestRecord<byte[], byte[]>> written = normalized.readRecordsToList();
    uncommitted.addAll(written);
    append(written);
  }

  /** The offsets of all webhooks so far are committed. */
  void normalizerCommits() {
    uncommitted.clear();
  }

  /**
   * The normalizer crashes after it has written events, and before it has committed the offsets of
   * their webhooks: the next instance writes the same events again.
   */
  void normalizerCrashes() {
    append(uncommitted);
  }

  private void append(List<TestRecord<byte[], byte[]>> written) {
    events.addAll(written);
    written.forEach(
        event ->
            eventsTopic.pipeInput(
                new TestRecord<>(
                    event.key(), event.value(), event.headers(), event.getRecordTime())));
  }

  static Headers headers(String provider, String tenant, long receivedAt) {
    Headers headers = new RecordHeaders();
    add(headers, RawHeaders.PROVIDER, provider);
    add(headers, RawHeaders.TENANT, tenant);
    add(headers, RawHeaders.RECEIVED_AT, Long.toString(receivedAt));
    add(headers, RawHeaders.TENANTS_VERSION, "3");
    add(headers, RawHeaders.CONTENT_TYPE, "application/json");
    return headers;
  }

  static void add(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Everything that arrived before a time has been processed, and a second passes. */
  void caughtUp(long moment) {
    asOf = moment;
    second();
  }

  void second() {
    nanos += Duration.ofSeconds(1).toNanos();
    normalizer.advanceWallClockTime(Duration.ofSeconds(1));
    lifecycle.advanceWallClockTime(Duration.ofSeconds(1));
  }

  /** Each call advances the clock by the duration of a step: 64 steps are a slice. */
  private long nanos() {
    return nanos += Duration.ofMillis(5).toNanos() / 64;
  }

  List<TestRecord<String, MessageEvent>> events() {
    Deserializer<MessageEvent> values = serdes.value(MessageEvent.class).deserializer();
    List<TestRecord<String, MessageEvent>> read =
        events.stream()
            .map(
                event ->
                    new TestRecord<>(
                        new String(event.key(), StandardCharsets.UTF_8),
                        values.deserialize(topics.events(), event.value()),
                        event.headers(),
                        event.getRecordTime()))
            .toList();
    events.clear();
    return read;
  }

  List<TestRecord<String, TierRecord>> tierRecords(String tier) {
    return read(topics.store(tier), serdes.value(TierRecord.class).deserializer());
  }

  List<TierRecord> tier(String tier) {
    return tierRecords(tier).stream().map(TestRecord::getValue).toList();
  }

  List<MessageRevision> postflight() {
    return read(topics.postflight(), serdes.value(MessageRevision.class).deserializer()).stream()
        .map(TestRecord::getValue)
        .toList();
  }

  List<TestRecord<byte[], byte[]>> deadLetters() {
    List<TestRecord<byte[], byte[]>> deadLetters = new ArrayList<>();
    for (TopologyTestDriver application : List.of(normalizer, lifecycle)) {
      deadLetters.addAll(
          application
              .createOutputTopic(
                  topics.deadLetters(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
              .readRecordsToList());
    }
    return deadLetters;
  }

  static @Nullable String header(TestRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  double count(String name, String... tags) {
    return meters.find(name).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
  }

  long lifecycles() {
    return entries("lifecycles");
  }

  /** The number of retained commands. */
  long retained() {
    return entries("erasures");
  }

  /** The number of tenants whose messages are being scanned. */
  long userScans() {
    return entries("erasure-scans");
  }

  private long entries(String store) {
    long count = 0;
    try (var all = lifecycle.getKeyValueStore(store).all()) {
      while (all.hasNext()) {
        all.next();
        count++;
      }
    }
    return count;
  }

  /** Another instance, with the state restored from the changelogs. */
  DrivenPipeline restarted(Path stateDir) {
    return restarted(stateDir, null);
  }

  /**
   * As {@link #restarted(Path)}, with an injected fault.
   *
   * @param lost the store whose changelog is lost; null: none is
   */
  DrivenPipeline restarted(Path stateDir, @Nullable String lost) {
    if (lost != null) {
      changelogs.lose(lost);
    }
    DrivenPipeline next = new DrivenPipeline(stateDir, registryScope);
    next.uncommitted.addAll(uncommitted);
    changelogs.restore(next.changelogs, serdes);
    close();
    return next;
  }

  private <V> List<TestRecord<String, V>> read(String topic, Deserializer<V> values) {
    return new ArrayList<>(
        lifecycle.createOutputTopic(topic, new StringDeserializer(), values).readRecordsToList());
  }

  @Override
  public void close() {
    normalizer.close();
    lifecycle.close();
    memory.close();
  }
}
