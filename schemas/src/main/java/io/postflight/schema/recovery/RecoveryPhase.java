package io.postflight.schema.recovery;

/** How far the recovery of a tier has come. A tier without a phase is not in recovery. */
public enum RecoveryPhase {
  /**
   * Backups are being loaded. Sinks acknowledge privacy commands without applying them: the rows
   * that they concern may not be there yet, and the ledger keeps the command.
   */
  LOADING,

  /**
   * Every backup is loaded, and the tables are being scanned against the ledger. Sinks apply
   * erasures again, so that the ledger needs to be read only once.
   */
  ERASING
}
