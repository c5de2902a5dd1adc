package io.postflight.bench.workload;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a benchmark runs on. */
public final class Machine {
  private Machine() {}

  /** Cores and Java. */
  public static Map<String, Object> describe() {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("java", Runtime.version().toString());
    return machine;
  }
}
