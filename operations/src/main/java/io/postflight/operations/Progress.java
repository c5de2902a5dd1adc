package io.postflight.operations;

/**
 * How far a long operation is, for whoever waits for it. Not for use by several threads at once.
 */
public interface Progress {
  /** Shows nothing. */
  Progress SILENT =
      new Progress() {
        @Override
        public void step(String what) {}

        @Override
        public void at(String what, long done, long total) {}

        @Override
        public void still(String what) {}

        @Override
        public void clear() {}
      };

  /** Reports the next step, at once. */
  void step(String what);

  /**
   * Reports how far it is; shown when it is time to.
   *
   * @param what is being done
   * @param done how much of it is done
   * @param total how much there is, more than 0
   */
  void at(String what, long done, long total);

  /** Reports that it continues though its end is not known; shown when it is time to. */
  void still(String what);

  /** Removes a bar that is still shown. */
  void clear();
}
