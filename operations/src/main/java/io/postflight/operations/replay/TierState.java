package io.postflight.operations.replay;

import io.postflight.operations.StorageTier;
import io.postflight.schema.recovery.RecoveryPhase;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a tier.
 *
 * @param tier its name
 * @param retentionSeconds how long its rows are kept; null: indefinitely
 * @param contactPoints of its cluster
 * @param keyspace where its tables are
 * @param recovery its phase of recovery; null: it is in none
 */
public record TierState(
    String tier,
    @Nullable Long retentionSeconds,
    List<String> contactPoints,
    String keyspace,
    @Nullable String recovery) {
  /** The state of a tier. */
  public static TierState of(StorageTier tier, @Nullable RecoveryPhase phase) {
    Duration retention = tier.tier().retention();
    return new TierState(
        tier.name(),
        retention == null ? null : retention.toSeconds(),
        tier.cluster().contactPoints(),
        tier.cluster().keyspace(),
        phase == null ? null : phase.name());
  }

  /** How long its rows are kept, human-readable. */
  public String retention() {
    return retentionSeconds == null
        ? "forever"
        : Duration.ofSeconds(retentionSeconds).toDays() + "d";
  }
}
