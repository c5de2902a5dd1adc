package io.postflight.schema.directory;

import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.topic.TopicFollower;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * The tenants of topic {@code tenants}, followed by a thread of its own. A change is seen by all
 * readers at once, when the snapshot is swapped; a batch of changes is one swap. While Kafka or the
 * registry is unavailable the last snapshot stays.
 */
public final class TenantFeed implements TenantDirectory, AutoCloseable {
  private static final long RETRY_MILLIS = 50;

  private final String topic;
  private final Serde<Tenant> serde;
  private final TenantRecordReader reader;
  private final TopicFollower follower;
  private volatile TenantSnapshot snapshot = TenantSnapshot.EMPTY;

  TenantFeed(TopicFollower.Builder follower, String topic, TenantRules rules, Serde<Tenant> serde) {
    this.topic = topic;
    this.serde = serde;
    this.reader = new TenantRecordReader(rules, serde.deserializer());
    this.follower = follower.failFast().build(new TenantListener());
  }

  /** Collects changes until all available records have been read. */
  private final class TenantListener implements TopicFollower.FollowerListener {
    private TenantSnapshot.@Nullable Draft draft;

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
      if (draft == null) {
        draft = snapshot.draft();
      }
      reader.apply(record, draft);
    }

    @Override
    public void polled(long position, boolean caughtUp) {
      if (caughtUp && (draft != null || position != snapshot.version())) {
        snapshot = (draft == null ? snapshot.draft() : draft).at(position);
        draft = null;
      }
    }

    @Override
    public void restarted() {
      draft = TenantSnapshot.EMPTY.draft();
    }
  }

  /**
   * Reads all tenants and follows the topic. Returns once the topic has been read to its first end;
   * waits for a broker, a topic or a registry that is unavailable, and logs a warning.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   * @throws KafkaException if Kafka rejects the client, or the topic has more than one partition
   */
  public static TenantFeed start(
      Map<String, ?> kafka, String topic, TenantRules rules, AvroSerdes serdes) {
    TenantFeed feed = begin(kafka, topic, rules, serdes);
    feed.awaitLoaded();
    return feed;
  }

  /**
   * Begins to read all tenants and returns at once; {@link #loaded} and {@link #awaitLoaded} report
   * when that is done.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   */
  public static TenantFeed begin(
      Map<String, ?> kafka, String topic, TenantRules rules, AvroSerdes serdes) {
    TenantFeed feed =
        new TenantFeed(TopicFollower.of(kafka, topic), topic, rules, serdes.value(Tenant.class));
    var unused = feed.follower.start();
    return feed;
  }

  @Override
  public TenantSnapshot current() {
    return snapshot;
  }

  @Override
  public boolean loaded() {
    return follower.isCaughtUp();
  }

  /**
   * Versions are offsets, and a version is durable before it is passed on. So one that is not
   * reached at the topic's end belongs to a topic that was deleted since: waiting for it would
   * never end.
   */
  @Override
  public boolean awaitVersion(long version, Duration max) {
    long end = System.nanoTime() + max.toNanos();
    try {
      while (snapshot.version() < version) {
        try {
          follower.readToEnd().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
          return true;
        } catch (ExecutionException failed) {
          Thread.sleep(RETRY_MILLIS);
        }
      }
      return true;
    } catch (TimeoutException late) {
      return snapshot.version() >= version;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Tenants whose newest record in the topic was rejected, with the reason; limited in number. The
   * last valid record of each, if any, stays in effect.
   */
  public Map<String, String> refused() {
    return reader.refused();
  }

  /**
   * Waits until the topic has been read to its end; starts reading it if necessary.
   *
   * @throws KafkaException if Kafka rejects the client, or the topic has more than one partition
   * @throws InterruptException if the wait is interrupted; the feed is then closed
   */
  public void awaitLoaded() {
    try {
      follower.start().get();
    } catch (ExecutionException failed) {
      close();
      Throwable cause = FutureFailures.unwrap(failed);
      throw new KafkaException(
          "tenants cannot be read from topic '%s': %s".formatted(topic, cause.getMessage()), cause);
    } catch (InterruptedException interrupted) {
      close();
      throw new InterruptException(interrupted);
    }
  }

  /** Stops following; the last snapshot stays readable. */
  @Override
  public void close() {
    follower.close();
    serde.close();
  }
}
