package io.postflight.operations;

/** Reports the progress of a long operation. Not thread-safe. */
public interface Progress {
  /** Reports nothing. */
  Progress SILENT =
      new Progress() {
        @Override
        public void step(String what) {}

        @Override
        public void at(String what, long done, long total, String unit) {}

        @Override
        public void still(String what) {}

        @Override
        public void clear() {}
      };

  /** Reports the next step immediately. */
  void step(String what);

  /**
   * Reports the progress of a step; shown at intervals, and when all is done.
   *
   * @param what description of the step
   * @param done number of units done
   * @param total number of all units; 0: it is not known
   * @param unit name of the units, such as {@code messages}
   */
  void at(String what, long done, long total, String unit);

  /** Reports that a step of unknown length continues; shown at intervals. */
  void still(String what);

  /** Removes a bar that is still shown. */
  void clear();
}
