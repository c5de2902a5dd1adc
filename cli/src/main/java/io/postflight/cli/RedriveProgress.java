package io.postflight.cli;

import io.postflight.operations.Progress;
import io.postflight.operations.deadletter.DeadLetterText;
import io.postflight.replay.deadletter.DeadLetterId;
import io.postflight.replay.deadletter.RedriveListener;
import java.io.PrintStream;

/** Shows the progress of a redrive, and its first failures. */
final class RedriveProgress implements RedriveListener {
  private static final int SHOWN_FAILURES = 20;

  private final String what;
  private final Progress progress;
  private final PrintStream err;
  private long failures;

  RedriveProgress(boolean dryRun, Progress progress, PrintStream err) {
    this.what = dryRun ? "Reading dead letters" : "Redriving";
    this.progress = progress;
    this.err = err;
  }

  @Override
  public void at(long done, long total) {
    progress.at(what, done, total);
  }

  @Override
  public void failed(DeadLetterId deadLetter, String why) {
    if (++failures <= SHOWN_FAILURES) {
      progress.clear();
      err.println(deadLetter + " not redriven: " + DeadLetterText.word(why));
    }
  }

  /** Reports failures that were not shown. */
  void end() {
    if (failures > SHOWN_FAILURES) {
      err.println("and " + (failures - SHOWN_FAILURES) + " more not redriven");
    }
  }
}
