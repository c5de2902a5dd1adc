package io.postflight.topology;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import java.time.Duration;

/** Settings of the role {@code topology}; section {@code topology}. */
public record TopologyRoleSettings(
    @Setting(
            value =
                "application.id of the lifecycle's Streams application, after kafka.topicPrefix;"
                    + " also its consumer group. '-normalize' is appended to it for the"
                    + " normalizer's.",
            defaultValue = "postflight-topology",
            pattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}",
            allowed = "a name of letters, digits, '.', '_' and '-'")
        String applicationId,
    @JsonUnwrapped TopologyStreamsSettings streams,
    @Setting(
            value =
                "Maximum wait within a transaction for a version of the tenants that the gateway"
                    + " used and this instance has not read yet; then the instance is paused until"
                    + " it has. Transactions may stay open that long, and a crash delays consumers"
                    + " by as much.",
            defaultValue = "5s",
            min = "0s",
            max = "2m")
        Duration tenantTimeout,
    @Setting(
            value =
                "Interval of progress queries to Kafka; deadlines fire only up to the progress.",
            defaultValue = "10s",
            min = "100ms",
            max = "10m")
        Duration caughtUpInterval) {

  /** Validates. */
  public TopologyRoleSettings {
    SettingDefinition.require(
        TopologyRoleSettings.class, applicationId, streams, tenantTimeout, caughtUpInterval);
  }

  /** application.id of the normalizer, after {@code kafka.topicPrefix}. */
  public String normalizerId() {
    return applicationId + "-normalize";
  }

  /** A copy with other settings of Kafka Streams. */
  public TopologyRoleSettings withStreams(TopologyStreamsSettings other) {
    return new TopologyRoleSettings(applicationId, other, tenantTimeout, caughtUpInterval);
  }
}
