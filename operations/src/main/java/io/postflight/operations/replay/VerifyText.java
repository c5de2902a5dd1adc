package io.postflight.operations.replay;

import io.postflight.replay.Difference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Formats a verification for a terminal. */
public final class VerifyText {
  private VerifyText() {}

  /** A difference, on one line. */
  public static String line(Difference difference) {
    return "%s %s: %s (%s-%d@%d, appended %s)%s"
        .formatted(
            difference.key().table().cqlName(),
            key(difference),
            difference.detail(),
            difference.topic(),
            difference.partition(),
            difference.offset(),
            Instant.ofEpochMilli(difference.appendedAt()),
            switch (difference.repair()) {
              case NONE -> "";
              case REPAIRED -> "; repaired";
              case IMPOSSIBLE ->
                  "; not repaired: the database prefers its value, written with the same"
                      + " timestamp";
            });
  }

  private static String key(Difference difference) {
    var partition = difference.key().partition();
    String subject = partition.subject().isEmpty() ? "" : " " + partition.subject();
    String id = difference.key().id().isEmpty() ? "" : " " + difference.key().id();
    String time =
        difference.key().time() == 0 ? "" : " " + Instant.ofEpochMilli(difference.key().time());
    return partition.tenant() + subject + time + id;
  }

  /** The result. */
  public static List<String> lines(TierVerifyReport result, boolean repair) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d rows checked of %,d records; %,d expired, %,d erased, %,d rechecked"
            .formatted(
                result.rowsChecked(),
                result.records(),
                result.rowsExpired(),
                result.rowsErased(),
                result.rowsRechecked()));
    if (result.late() > 0) {
      lines.add("%,d expire late, within --late-seconds".formatted(result.late()));
    }
    if (result.rowsDeadLettered() > 0) {
      lines.add(
          "%,d absent, since their records are dead letters".formatted(result.rowsDeadLettered()));
    }
    if (result.unreadable() + result.refused() > 0) {
      lines.add(
          "not verified: %,d unreadable records (dead letters), %,d rows that the database refuses to read"
              .formatted(result.unreadable(), result.refused()));
      result.problems().forEach(problem -> lines.add("  " + problem));
    }
    lines.add(
        "%,d differences%s"
            .formatted(result.differences(), repair ? ", " + result.repaired() + " repaired" : ""));
    for (TierVerifyReport.RestoreRange range : result.redo()) {
      lines.add(
          "To repair: postflight restore --tier %s --from %s --to %s"
              .formatted(result.tier(), range.from(), range.to()));
    }
    return lines;
  }
}
