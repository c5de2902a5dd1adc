package io.postflight.schema.recovery;

/** Progress of a tier's recovery. A tier without a phase is not in recovery. */
public enum RecoveryPhase {
  /**
   * Backups are being loaded. Sinks acknowledge privacy commands without applying them, since their
   * rows may not be loaded yet; the ledger keeps the commands.
   */
  LOADING,

  /**
   * Every backup is loaded, and the tables are being scanned against the ledger. Sinks apply
   * erasures again, so that the ledger needs to be read only once.
   */
  ERASING
}
