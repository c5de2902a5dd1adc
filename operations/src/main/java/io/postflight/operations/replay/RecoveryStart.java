package io.postflight.operations.replay;

import java.util.List;

/**
 * The result of starting the recovery of a tier.
 *
 * @param tier the tier
 * @param recovery its phase of recovery
 * @param already whether it was in that phase before
 * @param notAcknowledged API instances that have not acknowledged it in time
 */
public record RecoveryStart(
    String tier, String recovery, boolean already, List<String> notAcknowledged) {
  /** Copies the list. */
  public RecoveryStart {
    notAcknowledged = List.copyOf(notAcknowledged);
  }
}
