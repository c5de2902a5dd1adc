package io.postflight.bench.scale;

import io.postflight.operations.admin.Provisioning;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import io.postflight.settings.DeploymentSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * The topics of one deployment, those of Kafka Streams included, which exist until it is closed.
 */
final class RoundTopics implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final DeploymentSettings settings;
  private final Admin admin;
  private final TopicLog log;

  /** Creates those that the roles do not create. */
  RoundTopics(DeploymentSettings settings) {
    this.settings = settings;
    Provisioning.createTopics(settings.operations());
    this.admin = Admin.create(new HashMap<>(settings.kafka().clientProperties()));
    this.log = TopicLog.open(settings.kafka().clientProperties(), TIMEOUT);
  }

  /**
   * What was appended.
   *
   * @param markers of transactions: the offsets without a record
   * @param tierRecords records in the topics of tiers
   */
  record Appended(long markers, long tierRecords) {}

  /** Begins to count. */
  void begin() throws InterruptedException {
    List<TopicPartition> partitions =
        names().stream().flatMap(name -> log.partitions(name).stream()).toList();
    Map<TopicPartition, OffsetRange> none = new HashMap<>();
    log.ranges(partitions, 0, Long.MAX_VALUE)
        .forEach(
            (partition, range) -> none.put(partition, new OffsetRange(range.to(), range.to())));
    log.seek(none);
  }

  /** What was appended since. */
  Appended end() {
    long before = offsets();
    String tiers = settings.kafka().topics().store("");
    long[] records = new long[2];
    log.extend();
    log.readToEnd(
        record -> {
          records[0]++;
          records[1] += record.topic().startsWith(tiers) ? 1 : 0;
        });
    return new Appended(offsets() - before - records[0], records[1]);
  }

  private long offsets() {
    return log.positions().values().stream().mapToLong(Long::longValue).sum();
  }

  private Set<String> names() throws InterruptedException {
    try {
      Set<String> names = new HashSet<>(admin.listTopics().names().get());
      names.removeIf(name -> !name.startsWith(settings.kafka().topicPrefix()));
      return names;
    } catch (ExecutionException e) {
      throw new IllegalStateException("topics cannot be listed", e);
    }
  }

  /** Deletes them, so that their number does not grow from round to round. */
  @Override
  public void close() throws InterruptedException {
    log.close();
    try (admin) {
      admin.deleteTopics(names()).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("topics cannot be deleted", e);
    }
  }
}
