package io.postflight.topology.intake;

import io.postflight.schema.topic.EntryIndices;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Outcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rejected entries of one record, for its one dead letter. */
final class Rejections {
  /** Reasons that, given to the only outcome of a body, mean the body as a whole. */
  private static final Set<RejectionReason> OF_THE_WHOLE =
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

  /** Of the first entry. */
  RejectionReason reason() {
    return rejected.get(0).reason();
  }

  /** One entry's detail, or each entry's index with its reason. */
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
   * The entries' indices.
   *
   * @param whole whether the rejection is of the body as a whole
   * @param redriven the indices that the record was limited to
   * @return null: the whole record
   */
  @Nullable String indices(boolean whole, @Nullable EntryIndices redriven) {
    if (whole) {
      return redriven == null ? null : redriven.toHeader();
    }
    return EntryIndices.of(rejected.stream().map(Outcome::index).toList()).toHeader();
  }

  /** Whether the outcomes say no more than that the body as a whole is bad. */
  static boolean ofTheWhole(List<Outcome> outcomes) {
    return outcomes.size() == 1
        && outcomes.get(0) instanceof Outcome.Rejected only
        && OF_THE_WHOLE.contains(only.reason());
  }
}
