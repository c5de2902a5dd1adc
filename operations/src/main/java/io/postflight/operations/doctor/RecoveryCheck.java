package io.postflight.operations.doctor;

import io.postflight.schema.recovery.RecoveryPhase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Is a tier in recovery? Its reads are then answered 503. */
final class RecoveryCheck {
  private static final String CHECK = "recovery";

  List<Finding> findings(Map<String, RecoveryPhase> phases) {
    List<Finding> findings = new ArrayList<>();
    new TreeMap<>(phases)
        .forEach(
            (tier, phase) ->
                findings.add(
                    Finding.warn(
                        CHECK,
                        tier,
                        "the tier is in recovery (%s): its reads are answered 503".formatted(phase),
                        "load its backups and restore it, then postflight tiers recovery finish"
                            + " --tier "
                            + tier)));
    return findings.isEmpty()
        ? List.of(Finding.ok(CHECK, "tiers", "no tier is in recovery"))
        : findings;
  }
}
