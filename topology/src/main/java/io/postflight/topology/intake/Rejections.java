package io.postflight.topology.intake;

import io.postflight.schema.topic.EntryIndices;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Outcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rejected entries of one record, combined into one dead letter. */
final class Rejections {
  /** Reasons that, as the only outcome of a body, concern the body as a whole. */
  private static final Set<RejectionReason> OF_WHOLE_BODY =
      EnumSet.of(
          RejectionReason.MALFORMED_BODY,
          RejectionReason.UNKNOWN_PROVIDER,
          RejectionReason.TOO_LARGE,
          RejectionReason.INTERNAL);

  private static final int DETAILED = 50;

  private final List<Outcome.Rejected> rejected = new ArrayList<>();

  void add(Outcome.Rejected entry) {
    rejected.add(entry);
  }

  boolean isEmpty() {
    return rejected.isEmpty();
  }

  /** The reasons, each once, in the order of the entries. */
  Set<RejectionReason> reasons() {
    Set<RejectionReason> reasons = new LinkedHashSet<>();
    rejected.forEach(entry -> reasons.add(entry.reason()));
    return reasons;
  }

  /** The detail of a single entry, or index, reason and detail of each entry. */
  String detail() {
    if (rejected.size() == 1) {
      return rejected.get(0).detail();
    }
    StringBuilder text = new StringBuilder();
    for (Outcome.Rejected entry : rejected.subList(0, Math.min(DETAILED, rejected.size()))) {
      text.append(text.isEmpty() ? "" : "; ")
          .append(entry.index())
          .append(": ")
          .append(entry.reason())
          .append(", ")
          .append(entry.detail());
    }
    if (rejected.size() > DETAILED) {
      text.append("; and ").append(rejected.size() - DETAILED).append(" more");
    }
    return text.toString();
  }

  /**
   * The indices of the entries.
   *
   * @param whole whether the body as a whole is rejected
   * @param redriven the indices that processing was limited to
   * @return null: the whole record
   */
  @Nullable String indices(boolean whole, @Nullable EntryIndices redriven) {
    if (whole) {
      return redriven == null ? null : redriven.toHeader();
    }
    return EntryIndices.of(rejected.stream().map(Outcome::index).toList()).toHeader();
  }

  /** Whether the body as a whole is rejected. */
  static boolean ofWholeBody(List<Outcome> outcomes) {
    return outcomes.size() == 1
        && outcomes.get(0) instanceof Outcome.Rejected only
        && OF_WHOLE_BODY.contains(only.reason());
  }
}
