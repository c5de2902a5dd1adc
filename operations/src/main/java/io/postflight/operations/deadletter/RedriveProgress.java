package io.postflight.operations.deadletter;

import io.postflight.operations.Progress;
import io.postflight.replay.deadletter.DeadLetterId;
import io.postflight.replay.deadletter.RedriveListener;
import java.io.PrintStream;

/** Shows the progress of a redrive, and its first failures. */
public final class RedriveProgress implements RedriveListener {
  private static final int SHOWN_FAILURES = 20;

  private final String what;
  private final Progress progress;
  private final PrintStream err;
  private long failures;

  /**
   * Of a redrive.
   *
   * @param dryRun whether dead letters are only read
   * @param err where failures are printed
   */
  public RedriveProgress(boolean dryRun, Progress progress, PrintStream err) {
    this.what = dryRun ? "Reading dead letters" : "Redriving";
    this.progress = progress;
    this.err = err;
  }

  @Override
  public void at(long done, long total) {
    progress.at(what, done, total, "offsets");
  }

  @Override
  public void failed(DeadLetterId deadLetter, String why) {
    if (++failures <= SHOWN_FAILURES) {
      progress.clear();
      err.println(deadLetter + " not redriven: " + DeadLetterText.word(why));
    }
  }

  /** Reports failures that were not shown. */
  public void end() {
    if (failures > SHOWN_FAILURES) {
      err.println("and " + (failures - SHOWN_FAILURES) + " more not redriven");
    }
  }
}
