package io.postflight.replay.deadletter;

import io.postflight.schema.topic.RejectionReason;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Selects dead letters.
 *
 * @param reasons any of these; empty: all
 * @param stage only this stage; null: all
 * @param tenant only this tenant; null: all
 * @param provider only this provider; null: all
 */
public record DeadLetterFilter(
    Set<RejectionReason> reasons,
    @Nullable String stage,
    @Nullable String tenant,
    @Nullable String provider) {
  /** All. */
  public static final DeadLetterFilter ALL = new DeadLetterFilter(Set.of(), null, null, null);

  /** Stages that produce dead letters. */
  public static final Set<String> STAGES = Set.of("normalize", "lifecycle", "sink");

  /** Validates. */
  public DeadLetterFilter {
    reasons = Set.copyOf(reasons);
    if (stage != null && !STAGES.contains(stage)) {
      throw new IllegalArgumentException(
          "stage '" + stage + "' is not known; allowed: " + new TreeSet<>(STAGES));
    }
  }

  /** Whether a dead letter matches, regardless of its provider. */
  boolean matchesHeaders(DeadLetterRecord deadLetter) {
    return (reasons.isEmpty() || names(deadLetter.reason()))
        && (stage == null || stage.equals(deadLetter.stage()))
        && (tenant == null || tenant.equals(deadLetter.tenant()));
  }

  private boolean names(@Nullable String reason) {
    return reasons.stream().anyMatch(each -> each.name().equals(reason));
  }
}
