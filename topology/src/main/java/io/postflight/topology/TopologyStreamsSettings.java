package io.postflight.topology;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of Kafka Streams.
 *
 * @param stateDir directory of the state stores
 * @param threads stream threads of this instance
 * @param standbyReplicas copies of the state on other instances, which allow a fast failover
 * @param replicationFactor of the changelog topics; -1: the broker's default
 * @param commitInterval time between two transactions; an event waits for two of them until its
 *     tier's sink may read it
 * @param sessionTimeout after which an unresponsive instance is replaced by others, which is the
 *     delay caused by a crash. Kafka's default of 45 s is too long; brokers require at least 6 s
 * @param instanceId name of this instance that is stable across restarts (static membership), so
 *     that it resumes its work immediately after a crash; null: none
 * @param blockCacheBytes block cache shared by all RocksDB stores of this instance
 * @param writeBufferBytes write buffers of all RocksDB stores; part of the block cache
 */
public record TopologyStreamsSettings(
    Path stateDir,
    int threads,
    int standbyReplicas,
    int replicationFactor,
    Duration commitInterval,
    Duration sessionTimeout,
    @Nullable String instanceId,
    long blockCacheBytes,
    long writeBufferBytes) {
  private static final long MEBI = 1024 * 1024;

  public TopologyStreamsSettings {
    check("threads", threads, 1, 256);
    check("standbyReplicas", standbyReplicas, 0, 10);
    check("replicationFactor", replicationFactor, -1, 100);
    check("commitInterval (ms)", commitInterval.toMillis(), 10, 60_000);
    check("sessionTimeout (ms)", sessionTimeout.toMillis(), 1_000, 300_000);
    check("blockCacheBytes", blockCacheBytes, 8 * MEBI, 1024L * 1024 * MEBI);
    check("writeBufferBytes", writeBufferBytes, 4 * MEBI, blockCacheBytes);
    if (instanceId != null && !instanceId.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException(
          "instanceId is '" + instanceId + "'; allowed: letters, digits, '.', '_' and '-'");
    }
  }

  /** One thread, no standby, commits every 100 ms, a session timeout of 10 s, 64 MiB of cache. */
  public static TopologyStreamsSettings of(Path stateDir) {
    return new TopologyStreamsSettings(
        stateDir,
        1,
        0,
        -1,
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        null,
        64 * MEBI,
        32 * MEBI);
  }

  /** A copy with an instance id. */
  public TopologyStreamsSettings withInstanceId(String id) {
    return new TopologyStreamsSettings(
        stateDir,
        threads,
        standbyReplicas,
        replicationFactor,
        commitInterval,
        sessionTimeout,
        id,
        blockCacheBytes,
        writeBufferBytes);
  }

  /** A copy with another commit interval and session timeout. */
  public TopologyStreamsSettings withTiming(Duration commit, Duration session) {
    return new TopologyStreamsSettings(
        stateDir,
        threads,
        standbyReplicas,
        replicationFactor,
        commit,
        session,
        instanceId,
        blockCacheBytes,
        writeBufferBytes);
  }

  private static void check(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " is " + value + "; allowed: " + min + " to " + max);
    }
  }
}
