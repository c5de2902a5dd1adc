package io.postflight.operations.normalize;

/** The numbers of a {@link NormalizeReplayReport}, while they are counted. */
final class ReplayCounts {
  long records;
  long events;
  long added;
  long changed;
  long gone;
  long rejected;
  long applied;
  long skippedErased;
  long skippedTenants;
  long skippedOld;
  long rawDeleted;
  long unreadable;
  long notNormalized;

  NormalizeReplayReport report() {
    return new NormalizeReplayReport(
        records,
        events,
        added,
        changed,
        gone,
        rejected,
        applied,
        skippedErased,
        skippedTenants,
        skippedOld,
        rawDeleted,
        unreadable,
        notNormalized);
  }
}
