package io.postflight.replay.deadletter;

/** Is told how a redrive goes. */
public interface RedriveListener {
  /** Says nothing to anybody. */
  RedriveListener SILENT =
      new RedriveListener() {
        @Override
        public void at(long done, long total) {}

        @Override
        public void failed(DeadLetterId letter, String why) {}
      };

  /** How far it is, in offsets of {@code dead.letters}. */
  void at(long done, long total);

  /** A letter could not be sent; it stands where it stood. */
  void failed(DeadLetterId letter, String why);
}
