package io.postflight.topology;

import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.settings.SettingsBinder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of Kafka Streams; part of section {@code topology}.
 *
 * @param replicationFactor of the changelog topics; 0: the broker's default
 */
public record TopologyStreamsSettings(
    @Setting(
            value = "Directory of its state stores. Losing it costs time, not data.",
            defaultValue = "/var/lib/postflight/topology",
            allowed = "the path of a directory",
            pattern = ".+")
        Path stateDir,
    @Setting(
            value =
                "Stream threads of one instance: as many that normalize, and as many that advance"
                    + " lifecycles.",
            defaultValue = "2",
            min = "1",
            max = "256")
        int threads,
    @Setting(
            value =
                "Standby replicas of its state on other instances, so that a failed one is replaced"
                    + " in seconds. Requires one more instance than replicas.",
            defaultValue = "1",
            min = "0",
            max = "10")
        int standbyReplicas,
    @Setting(
            value =
                "Longest time between two commits of a thread, and so of the lifecycle's"
                    + " transactions. A thread commits sooner if commits are fast: after 50 ms if"
                    + " its partitions have no further input, otherwise after 100 ms, but not"
                    + " before 4 or 10 times as long has passed as the last commit took.",
            defaultValue = "500ms",
            min = "10ms",
            max = "30s")
        Duration commitInterval,
    @Setting(
            value =
                "Time after which an unresponsive instance is considered failed and its work is"
                    + " reassigned.",
            defaultValue = "10s",
            min = "1s",
            max = "5m")
        Duration sessionTimeout,
    @Setting(
            value =
                "Static name of this instance (group.instance.id), so that it resumes its work"
                    + " immediately after a restart; must be unique. Empty: none.",
            defaultValue = "",
            none = "",
            pattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}",
            allowed = "a name of letters, digits, '.', '_' and '-'")
        @Nullable String instanceId,
    @Setting(
            value = "Block cache of all state stores of this instance.",
            defaultValue = "64MiB",
            min = "8MiB",
            max = "1024GiB")
        long blockCache,
    @Setting(
            value = "Write buffers of all state stores of this instance; part of blockCache.",
            defaultValue = "32MiB",
            min = "4MiB",
            max = "1024GiB")
        long writeBuffer,
    int replicationFactor) {

  /** Validates. */
  public TopologyStreamsSettings {
    SettingDefinition.require(
        TopologyStreamsSettings.class,
        stateDir,
        threads,
        standbyReplicas,
        commitInterval,
        sessionTimeout,
        instanceId,
        blockCache,
        writeBuffer,
        replicationFactor);
    if (writeBuffer > blockCache) {
      throw new IllegalArgumentException(
          "topology.writeBuffer is "
              + writeBuffer
              + " bytes; it must not be larger than topology.blockCache, "
              + blockCache);
    }
  }

  /** Defaults, but one thread and no standby. */
  public static TopologyStreamsSettings of(Path stateDir) {
    return SettingsBinder.with(
        TopologyStreamsSettings.class,
        Map.of("stateDir", stateDir.toString(), "threads", "1", "standbyReplicas", "0"));
  }

  /** A copy with another directory of the state stores. */
  public TopologyStreamsSettings withStateDir(Path directory) {
    return RecordCopy.with(this, "stateDir", directory);
  }

  /** A copy with another replication factor of the changelog topics; 0: the broker's default. */
  public TopologyStreamsSettings withReplicationFactor(int factor) {
    return RecordCopy.with(this, "replicationFactor", factor);
  }

  /** A copy with another commit interval and session timeout. */
  public TopologyStreamsSettings withTiming(Duration commit, Duration session) {
    return RecordCopy.with(this, Map.of("commitInterval", commit, "sessionTimeout", session));
  }

  /** A copy with another number of threads. */
  public TopologyStreamsSettings withThreads(int number) {
    return RecordCopy.with(this, "threads", number);
  }

  /** A copy with other sizes of RocksDB's memory, bytes. */
  public TopologyStreamsSettings withMemory(long cache, long buffer) {
    return RecordCopy.with(this, Map.of("blockCache", cache, "writeBuffer", buffer));
  }
}
