package io.postflight.topology;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.topology.deadletter.DeadLetterExceptionHandler;
import io.postflight.topology.deadline.CaughtUp;
import io.postflight.topology.deadline.CaughtUpPoller;
import io.postflight.topology.lifecycle.LifecycleRules;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.punctuation.Pacing;
import io.postflight.topology.punctuation.PollTimingClients;
import io.postflight.topology.punctuation.PunctuationBudget;
import io.postflight.topology.runtime.CommitPacing;
import io.postflight.topology.runtime.OutageGate;
import io.postflight.topology.runtime.RocksMemory;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/**
 * A running lifecycle of 12 partitions on 2 threads, saturated with events, with deadlines that the
 * test makes due.
 */
final class DeadlineLoad implements AutoCloseable {
  private static final int PARTITIONS = 12;
  private static final int THREADS = 2;

  /** Events that are sent and not yet processed: always some, never many. */
  private static final int QUEUED = 20_000;

  private static final long MEMORY = 128 << 20;
  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  private final RealPipeline pipeline = new RealPipeline("load", "mock://load", PARTITIONS);
  private final Serializer<MessageEvent> serializer =
      pipeline.serdes.value(MessageEvent.class).serializer();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RocksMemory memory = new RocksMemory(2 * MEMORY, MEMORY);
  private final AtomicLong asOf = new AtomicLong(CaughtUp.NEVER);
  private final KafkaStreams streams;
  private final CaughtUpPoller progress;
  private final Thread sender = new Thread(this::send, "sender");
  private volatile boolean closed;

  DeadlineLoad() {
    TopologySettings settings =
        TopologySettings.of(
            pipeline.topics,
            Set.of("30d"),
            TopologyStreamsSettings.of(pipeline.stateDir)
                .withThreads(THREADS)
                .withMemory(2 * MEMORY, MEMORY),
            Map.of("bootstrap.servers", pipeline.servers));
    PunctuationBudget budget = new PunctuationBudget(System::nanoTime);
    CommitPacing commits = new CommitPacing(System::nanoTime);
    streams =
        new KafkaStreams(
            PostflightTopology.lifecycle(
                settings,
                PARTITIONS,
                new PostflightTopology.Services(
                    pipeline.tenants, pipeline.serdes, Normalizer.ofAllProviders(), meters),
                new PostflightTopology.Control(
                    new Pacing(asOf::get, budget),
                    commits,
                    new OutageGate(
                        "lifecycle", pipeline.tenants, () -> true, System::currentTimeMillis))),
            new StreamsConfig(
                StreamsConfiguration.lifecycle(
                    settings,
                    Duration.ofMinutes(1),
                    memory,
                    new DeadLetterExceptionHandler.DeadLetterSink(
                        pipeline.topics.deadLetters(), () -> {}))),
            new PollTimingClients(budget, commits));
    streams.start();
    progress =
        CaughtUpPoller.start(
            new CaughtUpPoller.PollerSettings(
                new HashMap<>(settings.kafka()),
                new CaughtUpPoller.FollowedTopic(
                    pipeline.topics.rawWebhooks(), settings.normalizerId()),
                new CaughtUpPoller.FollowedTopic(pipeline.topics.events(), settings.lifecycleId()),
                Duration.ofMillis(100)),
            System::currentTimeMillis);
  }

  /** Measurements up to a time, or between two times. */
  record Sample(
      double seconds, double threadSeconds, double punctuated, double events, double fired) {
    static final Sample NONE = new Sample(0, 0, 0, 0, 0);

    /** The share of the time of all threads that punctuations took. */
    double share() {
      return punctuated / seconds / THREADS;
    }

    Sample plus(Sample more) {
      return new Sample(
          seconds + more.seconds,
          threadSeconds + more.threadSeconds,
          punctuated + more.punctuated,
          events + more.events,
          fired + more.fired);
    }

    Sample minus(Sample before) {
      return plus(
          new Sample(
              -before.seconds,
              -before.threadSeconds,
              -before.punctuated,
              -before.events,
              -before.fired));
    }
  }

  /** Creates messages in flight, each with a deadline. */
  void holdMessages(int count) {
    for (int i = 0; i < count; i++) {
      send("held-" + i, Status.SENT);
    }
    pipeline.flush();
    long sent = System.currentTimeMillis();
    await().atMost(Duration.ofMinutes(15)).until(() -> progress.asOf() > sent);
  }

  /** Starts to queue events of other messages. */
  void sendEvents() {
    sender.start();
  }

  private void send() {
    long sent = 0;
    while (!closed) {
      if (sent - events() > QUEUED) {
        LockSupport.parkNanos(MILLISECOND);
      } else {
        send("moving-" + sent++, Status.DELIVERED);
      }
    }
  }

  private void send(String messageId, Status status) {
    long now = System.currentTimeMillis();
    MessageEvent event =
        MessageEvent.newBuilder()
            .setTenant("acme")
            .setMessageId(messageId)
            .setEventId("e-" + messageId)
            .setUserId("u" + (messageId.hashCode() & 0xFFFF))
            .setType("message." + status)
            .setProvider("events")
            .setChannel("WHATSAPP")
            .setDirection(Direction.OUTBOUND)
            .setStatus(status)
            .setEventTime(now)
            .setEventTimeSource(EventTimeSource.PROVIDER)
            .setReceivedAt(now)
            .build();
    String topic = pipeline.topics.events();
    pipeline.append(
        topic, RealPipeline.bytes(RecordKeys.ofEvent(event)), serializer.serialize(topic, event));
  }

  /** Makes the deadlines of all messages in flight due; returns when the first has fired. */
  void allDue() {
    double before = fired();
    asOf.set(System.currentTimeMillis() + LifecycleRules.DEFAULT.timeouts().byDefault().toMillis());
    await().pollInterval(Duration.ofMillis(1)).until(() -> fired() > before);
  }

  void noneDue() {
    asOf.set(CaughtUp.NEVER);
  }

  /** Measurements of a period, or until so many deadlines have fired. */
  Sample run(Duration time, double fired) {
    Sample before = read();
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < time.toNanos() && fired() < fired) {
      LockSupport.parkNanos(MILLISECOND);
    }
    return read().minus(before);
  }

  Sample read() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long threadNanos = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      // Not the threads of its clients, whose names contain its name.
      if (thread != null && thread.getThreadName().matches(".*-StreamThread-[0-9]+")) {
        threadNanos += threads.getThreadCpuTime(thread.getThreadId());
      }
    }
    double punctuated = meters.get("postflight.punctuation").timer().totalTime(TimeUnit.SECONDS);
    return new Sample(System.nanoTime() / 1e9, threadNanos / 1e9, punctuated, events(), fired());
  }

  private double events() {
    return completed(MessageStatus.DELIVERED);
  }

  double fired() {
    return completed(MessageStatus.UNCONFIRMED);
  }

  private double completed(MessageStatus status) {
    return meters.find("postflight.completed").tag("status", status.name()).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    sender.join();
    progress.close();
    streams.close(Duration.ofSeconds(30));
    memory.close();
    pipeline.close();
  }
}
