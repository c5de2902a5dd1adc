package io.postflight.bench;

import io.postflight.bench.workload.BenchServers.Database;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to measure.
 *
 * @param file the user's settings, or null
 * @param assignments the user's, {@code key=value}
 * @param load how much
 * @param database what is written to
 * @param variants ids of the variants; empty: all
 */
public record BenchOptions(
    @Nullable Path file,
    List<String> assignments,
    Load load,
    Database database,
    List<String> variants) {
  /** Copies the lists. */
  public BenchOptions {
    assignments = List.copyOf(assignments);
    variants = List.copyOf(variants);
  }

  /**
   * The work of each variant.
   *
   * @param records events of a round; 0: as many as the benchmark takes by default
   * @param rounds rounds that count, after one to warm up
   * @param seed of the simulation
   */
  public record Load(long records, int rounds, long seed) {
    /** Events of a round. */
    public long recordsOr(long usual) {
      return records == 0 ? usual : records;
    }
  }
}
