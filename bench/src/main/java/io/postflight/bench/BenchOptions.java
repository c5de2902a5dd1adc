package io.postflight.bench;

import io.postflight.bench.workload.BenchServers.Database;
import io.postflight.operations.OperationException;
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
   * The variants to measure.
   *
   * @throws OperationException if there is no variant of a wanted id
   */
  public <V extends BenchVariant> List<V> chosen(List<V> all) {
    List<String> ids = all.stream().map(BenchVariant::id).toList();
    for (String wanted : variants) {
      if (!ids.contains(wanted)) {
        throw OperationException.usage(
            "--variants %s is not allowed; allowed: %s".formatted(wanted, String.join(", ", ids)));
      }
    }
    return all.stream().filter(each -> variants.isEmpty() || variants.contains(each.id())).toList();
  }

  /**
   * The work of each variant.
   *
   * @param records events of a round; 0: as many as the benchmark takes by default
   * @param rounds rounds that count
   * @param warmUpSeconds how long the rounds before them take, at least; 0: there are none, nothing
   *     awaits idle servers, and no figure has a meaning
   * @param seed of the simulation
   */
  public record Load(long records, int rounds, int warmUpSeconds, long seed) {
    /** Enough for the compiler. */
    public static final int WARM_UP_SECONDS = 15;

    /** Whether nothing is measured, but only tried. */
    public boolean isTrial() {
      return warmUpSeconds == 0;
    }

    /** Events of a round. */
    public long recordsOr(long usual) {
      return records == 0 ? usual : records;
    }
  }
}
