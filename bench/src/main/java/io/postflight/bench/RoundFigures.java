package io.postflight.bench;

import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.workload.BenchServers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures that every benchmark has, and what becomes of those of several rounds. */
public final class RoundFigures {
  /** Events a second. */
  public static final String EVENTS = "eventsPerSecond";

  /** CPU time of the variant's process per event. */
  public static final String CPU = "cpuMicrosPerEvent";

  /** CPU time of Kafka per event. */
  public static final String KAFKA_CPU = "kafkaCpuMicrosPerEvent";

  /** CPU time of the database per event. */
  public static final String DATABASE_CPU = "databaseCpuMicrosPerEvent";

  /** Largest used heap. */
  public static final String HEAP = "peakHeapMiB";

  /** Largest resident set. */
  public static final String RESIDENT = "peakResidentMiB";

  private static final double MIB = 1024.0 * 1024;

  private RoundFigures() {}

  /** Of a round with a number of events. */
  public static Map<String, Double> of(RoundMeter.Usage usage, long events) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(EVENTS, events / usage.seconds());
    figures.put(CPU, (double) usage.cpuMicros() / events);
    putServer(figures, KAFKA_CPU, BenchServers.KAFKA, usage, events);
    putServer(figures, DATABASE_CPU, BenchServers.DATABASE, usage, events);
    figures.put("bytesWrittenPerEvent", (double) usage.writtenBytes() / events);
    figures.put("allocatedBytesPerEvent", (double) usage.allocatedBytes() / events);
    figures.put(HEAP, usage.peakHeapBytes() / MIB);
    figures.put(RESIDENT, usage.peakResidentBytes() / MIB);
    figures.put("collectionShare", usage.collectionMillis() / (1000 * usage.seconds()));
    figures.put("compilationShare", usage.compilationShare());
    return figures;
  }

  private static void putServer(
      Map<String, Double> figures,
      String name,
      String server,
      RoundMeter.Usage usage,
      long events) {
    Long micros = usage.serverCpuMicros().get(server);
    if (micros != null) {
      figures.put(name, (double) micros / events);
    }
  }

  /** Of all rounds, whose figures have the same names. */
  public static Map<String, Figure> overRounds(List<Map<String, Double>> rounds) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    for (Map<String, Double> round : rounds) {
      round.forEach(
          (name, value) -> values.computeIfAbsent(name, first -> new ArrayList<>()).add(value));
    }
    Map<String, Figure> figures = new LinkedHashMap<>();
    values.forEach((name, all) -> figures.put(name, Figure.of(all)));
    return figures;
  }
}
