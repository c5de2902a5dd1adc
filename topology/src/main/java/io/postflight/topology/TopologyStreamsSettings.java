package io.postflight.topology;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How Kafka Streams runs.
 *
 * @param stateDir where states are kept on this machine
 * @param threads stream threads of this instance
 * @param standbyReplicas copies of the state on other instances, so that one can take over at once
 * @param replicationFactor of the changelog topics; -1: the broker's default
 * @param commitInterval time between two transactions; an event waits two of them until its tier's
 *     sink may read it
 * @param sessionTimeout after which a silent instance counts as dead and others take over its work:
 *     what a crash costs. Kafka's default of 45 s is too long for that; brokers take 6 s at least
 * @param instanceId name of this instance that stays the same over restarts (static membership), so
 *     that after a crash it takes up its work at once; null: none
 * @param blockCacheBytes memory for blocks read from all RocksDB stores of this instance together
 * @param writeBufferBytes memory for what is not yet written by all of them; part of the block
 *     cache's
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

  /** One thread, no standby, 100 ms between commits, 10 s of silence, 64 MiB for RocksDB. */
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

  /** The same as a member of this name. */
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

  /** The same with other timing. */
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
