package io.postflight.runtime;

import io.postflight.operations.StorageTier;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.recovery.Recoveries;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.settings.DeploymentSettings;
import io.postflight.sink.SinkRoleSettings;
import io.postflight.sink.SinkSettings;
import io.postflight.sink.TierSink;
import io.postflight.sink.write.RecoveryAwareStore;
import io.postflight.store.EventStore;
import java.util.HashMap;
import java.util.Map;

/** The role {@code sink:<tier>}: a tier's topic to its cluster. */
final class SinkWiring {
  private SinkWiring() {}

  static TierSink start(
      RoleContext context, StorageTier tier, EventStore store, Recoveries recoveries) {
    return TierSink.start(
        settings(context.settings(), tier),
        RecoveryAwareStore.of(tier.name(), store, recoveries),
        serdes(context.settings()).value(TierRecord.class).deserializer(),
        context.meters());
  }

  /** The breaker waits for an unavailable registry without blocking the thread. */
  private static AvroSerdes serdes(DeploymentSettings settings) {
    Map<String, String> properties = new HashMap<>(settings.registry().serdeProperties());
    properties.put("postflight.registry.retry.ms", "2000");
    return AvroSerdes.of(properties);
  }

  static SinkSettings settings(DeploymentSettings settings, StorageTier tier) {
    SinkRoleSettings sink = settings.sink();
    Map<String, String> kafka = new HashMap<>(settings.kafka().clientProperties());
    kafka.put("commit.interval.ms", Long.toString(sink.commitInterval().toMillis()));
    kafka.put("session.timeout.ms", Long.toString(sink.sessionTimeout().toMillis()));
    kafka.put("heartbeat.interval.ms", Long.toString(sink.sessionTimeout().toMillis() / 3));
    return new SinkSettings(
        tier.tier(),
        new SinkSettings.Source(
            settings.kafka().topics().store(tier.name()),
            settings.kafka().topics().deadLetters(),
            settings.sinkId() + '-' + tier.name()),
        sink,
        kafka);
  }
}
