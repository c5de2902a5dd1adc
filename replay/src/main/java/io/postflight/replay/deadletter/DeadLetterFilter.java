package io.postflight.replay.deadletter;

import io.postflight.schema.topic.RejectionReason;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant.
 *
 * @param reasons any of these; empty: any at all
 * @param stage only of this stage; null: of any
 * @param tenant only of this tenant; null: of any
 * @param provider only of this provider; null: of any
 */
public record DeadLetterFilter(
    Set<RejectionReason> reasons,
    @Nullable String stage,
    @Nullable String tenant,
    @Nullable String provider) {
  /** All. */
  public static final DeadLetterFilter ALL = new DeadLetterFilter(Set.of(), null, null, null);

  /** Stages that write dead letters. */
  public static final Set<String> STAGES = Set.of("normalize", "lifecycle", "sink");

  /** Copies the reasons, checks the stage. */
  public DeadLetterFilter {
    reasons = reasons.isEmpty() ? Set.of() : java.util.Collections.unmodifiableSet(copy(reasons));
    if (stage != null && !STAGES.contains(stage)) {
      throw new IllegalArgumentException(
          "stage '" + stage + "' is not known; allowed: " + new TreeSet<>(STAGES));
    }
  }

  private static EnumSet<RejectionReason> copy(Set<RejectionReason> reasons) {
    return EnumSet.copyOf(reasons);
  }

  /**
   * Without what is no failure: entries of webhooks that are no message events are redriven only
   * when they are named.
   */
  DeadLetterFilter withoutUnsupported() {
    return reasons.isEmpty()
        ? new DeadLetterFilter(
            EnumSet.complementOf(EnumSet.of(RejectionReason.UNSUPPORTED_EVENT)),
            stage,
            tenant,
            provider)
        : this;
  }

  /** Whether a letter is meant, its provider left aside. */
  boolean matchesHeaders(DeadLetterRecord letter) {
    return (reasons.isEmpty() || names(letter.reason()))
        && (stage == null || stage.equals(letter.stage()))
        && (tenant == null || tenant.equals(letter.tenant()));
  }

  private boolean names(@Nullable String reason) {
    return reasons.stream().anyMatch(each -> each.name().equals(reason));
  }
}
