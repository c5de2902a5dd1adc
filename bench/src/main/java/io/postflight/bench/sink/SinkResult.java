package io.postflight.bench.sink;

import io.postflight.bench.RoundFigures;
import io.postflight.bench.process.RoundMeter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a round did.
 *
 * @param usage between the first statement and the last acknowledgement
 * @param rows rows that were acknowledged
 * @param statements statements that were sent; a batch is one
 */
record SinkResult(RoundMeter.Usage usage, long rows, long statements) {
  static final String ROWS = "rowsPerSecond";
  static final String STATEMENTS = "statementsPerEvent";

  /** Statements are not counted. */
  static final long UNKNOWN = -1;

  /** The figures of a round with a number of events. */
  Map<String, Double> figures(long events) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(ROWS, rows / usage.seconds());
    if (statements != UNKNOWN) {
      figures.put(STATEMENTS, (double) statements / events);
    }
    figures.putAll(RoundFigures.of(usage, events));
    return figures;
  }
}
