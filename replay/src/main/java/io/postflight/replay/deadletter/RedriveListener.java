package io.postflight.replay.deadletter;

/** Receives the progress of a redrive. */
public interface RedriveListener {
  /** Ignores everything. */
  RedriveListener SILENT =
      new RedriveListener() {
        @Override
        public void at(long done, long total) {}

        @Override
        public void failed(DeadLetterId deadLetter, String why) {}
      };

  /** Progress in offsets of {@code dead.letters}. */
  void at(long done, long total);

  /** A dead letter could not be redriven and remains unchanged. */
  void failed(DeadLetterId deadLetter, String why);
}
