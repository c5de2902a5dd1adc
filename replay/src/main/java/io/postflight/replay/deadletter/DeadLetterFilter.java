package io.postflight.replay.deadletter;

import io.postflight.schema.text.AsciiCase;
import io.postflight.schema.topic.RejectionReason;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Selects dead letters.
 *
 * @param reasons one of its reasons is any of these; empty: all
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
      throw unknown("stage", stage, new TreeSet<>(STAGES));
    }
  }

  /**
   * Selects by names of reasons, case-insensitive.
   *
   * @throws IllegalArgumentException naming the parameter, its value and what is allowed
   */
  public static DeadLetterFilter of(
      List<String> reasons,
      @Nullable String stage,
      @Nullable String tenant,
      @Nullable String provider) {
    // The reason of a webhook that is kept raw and is no failure.
    Set<RejectionReason> known =
        EnumSet.complementOf(EnumSet.of(RejectionReason.UNSUPPORTED_EVENT));
    Set<RejectionReason> selected = EnumSet.noneOf(RejectionReason.class);
    for (String name : reasons) {
      selected.add(
          known.stream()
              .filter(reason -> reason.name().equals(AsciiCase.upper(name)))
              .findFirst()
              .orElseThrow(() -> unknown("reason", name, known)));
    }
    return new DeadLetterFilter(selected, stage, tenant, provider);
  }

  private static IllegalArgumentException unknown(String what, String name, Set<?> allowed) {
    return new IllegalArgumentException(
        "%s %s is not known; allowed: %s"
            .formatted(
                what,
                name,
                allowed.stream().map(String::valueOf).collect(Collectors.joining(", "))));
  }

  /** Whether a dead letter matches, regardless of its provider. */
  boolean matchesHeaders(DeadLetterRecord deadLetter) {
    return (reasons.isEmpty() || reasons.stream().anyMatch(each -> has(deadLetter, each)))
        && (stage == null || stage.equals(deadLetter.stage()))
        && (tenant == null || tenant.equals(deadLetter.tenant()));
  }

  private static boolean has(DeadLetterRecord deadLetter, RejectionReason reason) {
    return deadLetter.reasons().contains(reason.name());
  }
}
