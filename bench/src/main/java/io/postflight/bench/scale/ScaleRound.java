package io.postflight.bench.scale;

import io.postflight.bench.RoundFigures;
import io.postflight.bench.process.RoundMeter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a round did.
 *
 * @param usage of all instances together, and of the servers
 * @param events that were processed
 * @param statements that were sent to the database
 * @param appended to the topics
 */
record ScaleRound(
    RoundMeter.Usage usage, long events, long statements, RoundTopics.Appended appended) {
  /** The figures per event; of statements and markers only those that there were. */
  Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>(RoundFigures.of(usage, events));
    if (statements > 0) {
      figures.put("statementsPerEvent", (double) statements / events);
    }
    if (appended.markers() > 0) {
      figures.put("markersPerEvent", (double) appended.markers() / events);
    }
    figures.put("tierRecordsPerEvent", (double) appended.tierRecords() / events);
    return figures;
  }
}
