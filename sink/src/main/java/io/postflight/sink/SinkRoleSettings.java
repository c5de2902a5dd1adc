package io.postflight.sink;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postflight.schema.settings.Durations;
import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.sink.write.SinkLimits;
import java.nio.file.Path;
import java.time.Duration;

/** Settings of the role {@code sink:<tier>}, the same for all tiers; section {@code sink}. */
public record SinkRoleSettings(
    @Setting(
            value =
                "Prefix of each sink's application.id, after kafka.topicPrefix; '-' and the tier's"
                    + " name follow.",
            defaultValue = "postflight-sink",
            pattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}",
            allowed = "a name of letters, digits, '.', '_' and '-'")
        String applicationId,
    @Setting(
            value = "State directory of the sinks; it holds no data that has to be kept.",
            defaultValue = "/var/lib/postflight/sink",
            pattern = ".+",
            allowed = "the path of a directory")
        Path stateDir,
    @Setting(value = "Stream threads per tier.", defaultValue = "1", min = "1", max = "64")
        int threads,
    @Setting(
            value = "Commit interval of offsets, never above what the database has acknowledged.",
            defaultValue = "1s",
            min = "10ms",
            max = "30s")
        Duration commitInterval,
    @Setting(
            value =
                "Time without a heartbeat after which an instance is considered failed and its"
                    + " partitions are reassigned.",
            defaultValue = "10s",
            min = "1s",
            max = "5m")
        Duration sessionTimeout,
    @JsonUnwrapped SinkLimits limits,
    @Setting(
            value =
                "How long a stream thread waits for capacity in the window before consumption is"
                    + " paused.",
            defaultValue = "100ms",
            min = "1ms",
            max = "10s")
        Duration capacityTimeout,
    @Setting(
            "Backoff after transient failures of a write, which is retried indefinitely; the delay"
                + " doubles with each attempt.")
        Retry retry,
    @Setting(
            value = "How long a missing topic is awaited at start.",
            defaultValue = "1m",
            min = "1s",
            max = "1d")
        Duration topicTimeout) {

  /** Validates. */
  public SinkRoleSettings {
    SettingDefinition.require(
        SinkRoleSettings.class,
        applicationId,
        stateDir,
        threads,
        commitInterval,
        sessionTimeout,
        limits,
        capacityTimeout,
        retry,
        topicTimeout);
  }

  /** A copy with another state directory. */
  public SinkRoleSettings withStateDir(Path directory) {
    return RecordCopy.with(this, "stateDir", directory);
  }

  /** A copy with other limits. */
  public SinkRoleSettings withLimits(SinkLimits other) {
    return RecordCopy.with(this, "limits", other);
  }

  /** Delays between attempts. */
  public record Retry(
      @Setting(value = "First delay.", defaultValue = "50ms", min = "1ms", max = "1m")
          Duration initialBackoff,
      @Setting(value = "Maximum delay.", defaultValue = "5s", min = "10ms", max = "5m")
          Duration maxBackoff) {
    /** Validates. */
    public Retry {
      SettingDefinition.require(Retry.class, initialBackoff, maxBackoff);
      if (initialBackoff.compareTo(maxBackoff) > 0) {
        throw new IllegalArgumentException(
            "sink.retry.initialBackoff is "
                + Durations.format(initialBackoff)
                + "; it must not be longer than sink.retry.maxBackoff, "
                + Durations.format(maxBackoff));
      }
    }
  }
}
