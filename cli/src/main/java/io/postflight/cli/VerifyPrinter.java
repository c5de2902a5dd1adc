package io.postflight.cli;

import io.postflight.operations.Progress;
import io.postflight.operations.replay.DifferenceLine;
import io.postflight.operations.replay.TierVerifyReport;
import io.postflight.operations.replay.VerifyText;
import io.postflight.replay.Difference;
import io.postflight.replay.VerifyListener;
import io.postflight.replay.VerifyProgress;
import java.io.PrintStream;

/** Shows a verification: differences as they are found, then the result. */
final class VerifyPrinter implements VerifyListener {
  private final PrintStream out;
  private final Progress progress;
  private final boolean json;

  VerifyPrinter(PrintStream out, Progress progress, boolean json) {
    this.out = out;
    this.progress = progress;
    this.json = json;
  }

  @Override
  public void at(VerifyProgress at) {
    String what =
        "%,d rows checked, %,d to recheck, %,d different"
            .formatted(at.rowsChecked(), at.pending(), at.different());
    progress.at(what, at.done(), at.total(), "offsets");
  }

  @Override
  public void found(Difference difference) {
    progress.clear();
    if (json) {
      JsonLines.print(DifferenceLine.of(difference), out);
      return;
    }
    out.println(VerifyText.line(difference));
  }

  /** Prints the result, after all differences. */
  void print(TierVerifyReport result, boolean repair) {
    if (json) {
      JsonLines.print(result, out);
    } else {
      VerifyText.lines(result, repair).forEach(out::println);
    }
  }
}
