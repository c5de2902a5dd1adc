package io.postflight.schema.topic;

import io.postflight.schema.log.ThrottledLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the only partition of a topic on a thread of its own: reads it to its end and then as
 * records are appended, committed records only, without a consumer group.
 *
 * <p>Every failure is retried from the first unprocessed record: a missing topic, an unavailable
 * broker or schema registry, a listener that throws. Only a topic with several partitions is not
 * followed ({@link PartitionCountException}). A topic that ends before the position was recreated;
 * it is read again from its beginning. {@link #readToEnd} completes when all records that were
 * durable before the call are processed.
 */
public final class TopicFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 500;

  private final Consumer<byte[], byte[]> consumer;
  private final TopicLog log;
  private final TopicPartition partition;
  private final long from;
  private final boolean failsFast;
  private final FollowerListener listener;
  private final Thread thread;
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
  private final ThrottledLog failures = new ThrottledLog(LOG);

  /** The offset after the last processed record; -1: the topic has not been found. */
  private long position = -1;

  /** The end that the topic had when it was first read, or read again from its beginning. */
  private long end;

  /** Whether the consumer may have another position than this follower. */
  private boolean seekNeeded;

  private volatile boolean closed;

  /** The failure that ended the following. */
  private volatile @Nullable RuntimeException refusal;

  /** Guards what follows. */
  private final Object lock = new Object();

  private final List<EndRequest> requests = new ArrayList<>();
  private boolean idle;
  private boolean releasing;

  /** Processes the records. All calls are made by the follower's thread. */
  @FunctionalInterface
  public interface FollowerListener {
    /** The next record; passed again, after a pause, if this throws. */
    void record(ConsumerRecord<byte[], byte[]> record);

    /**
     * Called after each poll, whether it returned records or not.
     *
     * @param position the offset after the last record
     * @param caughtUp whether the topic's first end has been reached
     */
    default void polled(long position, boolean caughtUp) {}

    /** The topic was recreated: discards its previous records, since it is read again. */
    default void restarted() {}
  }

  /** A caller that awaits the topic's end. Only the follower's thread uses offset and time. */
  private static final class EndRequest {
    private final CompletableFuture<Void> reached = new CompletableFuture<>();
    private long end = -1;
    private long deadline;
  }

  /** How a topic is followed. */
  public static final class Builder {
    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private long from;
    private boolean failsFast;

    private Builder(Consumer<byte[], byte[]> consumer, String topic) {
      this.consumer = consumer;
      this.topic = topic;
    }

    /** Skips records appended before a time, epoch milliseconds; by default none. */
    public Builder from(long millis) {
      from = millis;
      return this;
    }

    /**
     * Fails if the first end cannot be reached because of a permanent fault, such as missing
     * permissions. By default that is retried, too.
     */
    public Builder failFast() {
      failsFast = true;
      return this;
    }

    /** A follower that has not started. */
    public TopicFollower build(FollowerListener listener) {
      return new TopicFollower(this, listener);
    }
  }

  private TopicFollower(Builder builder, FollowerListener listener) {
    this.consumer = builder.consumer;
    this.log = new TopicLog(consumer, TIMEOUT);
    this.partition = new TopicPartition(builder.topic, 0);
    this.from = builder.from;
    this.failsFast = builder.failsFast;
    this.listener = listener;
    this.thread = new Thread(this::run, builder.topic + "-follower");
    thread.setDaemon(true);
  }

  /**
   * A follower with a consumer of its own.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   */
  public static Builder of(Map<String, ?> kafka, String topic) {
    return of(TopicLog.consumer(TopicLog.followerSettings(kafka, TIMEOUT)), topic);
  }

  /** A follower with a given consumer, which is closed with it. */
  public static Builder of(Consumer<byte[], byte[]> consumer, String topic) {
    return new Builder(consumer, topic);
  }

  /**
   * Starts the thread, unless it is started.
   *
   * @return a copy, completed when the topic has been read to the end that it had at first; fails
   *     if the follower is closed before, or fails
   */
  public CompletableFuture<Void> start() {
    synchronized (lock) {
      if (thread.getState() == Thread.State.NEW) {
        thread.start();
      }
    }
    return caughtUp.copy();
  }

  /** Whether the end that the topic had at first has been reached. */
  public boolean isCaughtUp() {
    return caughtUp.isDone() && !caughtUp.isCompletedExceptionally();
  }

  /** Why the topic is no longer followed; empty: it is followed, or this was closed. */
  public Optional<String> refusal() {
    return Optional.ofNullable(refusal).map(Throwable::getMessage);
  }

  /**
   * Completes when everything has been processed that was durable before this call. Fails if Kafka
   * does not respond, or the follower is closed.
   */
  public CompletableFuture<Void> readToEnd() {
    EndRequest request = new EndRequest();
    boolean wake;
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedFuture(ended());
      }
      requests.add(request);
      wake = idle;
      idle = false;
    }
    if (wake) {
      consumer.wakeup();
    }
    return request.reached;
  }

  /** Stops. Interrupts a listener that waits for something. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      consumer.wakeup();
      if (!releasing) {
        thread.interrupt();
      }
    }
    try {
      thread.join(TIMEOUT.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        stepOrPause();
      }
    } catch (InterruptException | InterruptedException stopped) {
      LOG.debug("Topic '{}' is no longer followed", partition.topic());
    } finally {
      release();
    }
  }

  private void stepOrPause() throws InterruptedException {
    try {
      step();
    } catch (WakeupException woken) {
      seekNeeded = true; // a caller awaits the end, or close() was called
    } catch (InterruptException stopped) {
      throw stopped;
    } catch (RuntimeException failure) {
      seekNeeded = true;
      failed(failure);
    }
  }

  private void step() {
    if (position < 0) {
      begin();
    } else if (seekNeeded) {
      consumer.seek(partition, position);
    }
    seekNeeded = false;
    if (position < wantedEnd() || isIdle()) {
      poll();
    }
    listener.polled(position, position >= end);
    if (position >= end && caughtUp.complete(null)) {
      LOG.info("Topic '{}' has been read to offset {}", partition.topic(), position);
    }
    completeRequests();
  }

  private void begin() {
    TopicPartition only = log.onlyPartition(partition.topic());
    OffsetRange range =
        log.ranges(Set.of(only), from, Long.MAX_VALUE).getOrDefault(only, new OffsetRange(0, 0));
    consumer.seek(only, range.from());
    position = range.from();
    end = range.to();
  }

  /** The offset up to which records are read without waiting for more. */
  private long wantedEnd() {
    long wanted = end;
    List<EndRequest> open = openRequests();
    if (open.stream().anyMatch(request -> request.end < 0)) {
      long present = presentEnd();
      if (present < position) {
        restart();
      }
      for (EndRequest request : open) {
        if (request.end < 0) {
          request.end = present;
          request.deadline = System.nanoTime() + TIMEOUT.toNanos();
        }
      }
    }
    for (EndRequest request : open) {
      wanted = Math.max(wanted, request.end);
    }
    return wanted;
  }

  private boolean isIdle() {
    synchronized (lock) {
      idle = requests.isEmpty() && caughtUp.isDone();
      return idle;
    }
  }

  private void poll() {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    synchronized (lock) {
      idle = false;
    }
    long reached = consumer.position(partition);
    if (reached < position
        || (!records.isEmpty() && records.iterator().next().offset() < position)) {
      restart();
      return;
    }
    for (ConsumerRecord<byte[], byte[]> record : records) {
      listener.record(record);
      position = record.offset() + 1;
    }
    position = reached;
  }

  private void restart() {
    LOG.warn(
        "Topic '{}' ends before offset {}: it was recreated and is read from its beginning",
        partition.topic(),
        position);
    long begin = consumer.beginningOffsets(Set.of(partition)).getOrDefault(partition, 0L);
    long present = presentEnd();
    listener.restarted();
    consumer.seek(partition, begin);
    position = begin;
    end = present;
  }

  private long presentEnd() {
    return consumer.endOffsets(Set.of(partition)).getOrDefault(partition, 0L);
  }

  private List<EndRequest> openRequests() {
    synchronized (lock) {
      return List.copyOf(requests);
    }
  }

  private void completeRequests() {
    long now = System.nanoTime();
    for (EndRequest request : openRequests()) {
      if (request.end >= 0 && request.end <= position) {
        settle(request, null);
      } else if (request.end >= 0 && now - request.deadline > 0) {
        settle(request, new TimeoutException("Kafka did not answer within " + TIMEOUT));
      }
    }
  }

  private void settle(EndRequest request, @Nullable RuntimeException failure) {
    synchronized (lock) {
      requests.remove(request);
    }
    if (failure == null) {
      request.reached.complete(null);
    } else {
      request.reached.completeExceptionally(failure);
    }
  }

  private void failed(RuntimeException failure) throws InterruptedException {
    openRequests().forEach(request -> settle(request, failure));
    boolean permanent =
        failure instanceof PartitionCountException
            || (failsFast && !caughtUp.isDone() && !(failure instanceof RetriableException));
    if (permanent) {
      refusal = failure;
      closed = true;
      caughtUp.completeExceptionally(failure);
      return;
    }
    String cause = failure.getClass().getName();
    if (failure instanceof KafkaException) {
      failures.warn(cause, "Topic '{}' cannot be read: {}", partition.topic(), failure.toString());
    } else {
      failures.error(cause, "Topic '{}' cannot be processed", partition.topic(), failure);
    }
    Thread.sleep(PAUSE_MILLIS);
  }

  /** No interrupt from here on, and none pending: it would fail the consumer's close. */
  private void release() {
    synchronized (lock) {
      closed = true;
      releasing = true;
      boolean unused = Thread.interrupted();
    }
    caughtUp.completeExceptionally(ended());
    openRequests().forEach(request -> settle(request, ended()));
    consumer.close(CloseOptions.timeout(TIMEOUT));
  }

  private RuntimeException ended() {
    RuntimeException failure = refusal;
    return failure == null
        ? new KafkaException("topic '%s' is no longer followed".formatted(partition.topic()))
        : failure;
  }
}
