package io.postflight.operations.admin;

import io.postflight.operations.OperationException;
import io.postflight.operations.OperationException.FailureKind;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.StorageTier;
import io.postflight.store.StoreException;
import io.postflight.store.cql.CqlSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the CQL schemas of tiers with the configured ones, and applies what is missing. */
public final class TierSchemas {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final OperationsSettings settings;
  private final Duration limit;

  /** Of a deployment. */
  public TierSchemas(OperationsSettings settings) {
    this(settings, LIMIT);
  }

  /**
   * The same with another timeout.
   *
   * @param limit how long reading the schemas may take
   */
  TierSchemas(OperationsSettings settings, Duration limit) {
    this.settings = settings;
    this.limit = limit;
  }

  /**
   * The schema of one tier.
   *
   * @param tier the tier
   * @param keyspace where its tables are
   * @param statements what it lacked
   * @param applied whether that was executed
   */
  public record TierSchema(String tier, String keyspace, List<String> statements, boolean applied) {
    /** Copies the list. */
    public TierSchema {
      statements = List.copyOf(statements);
    }
  }

  /**
   * Reads the schemas concurrently, and applies what is missing tier by tier. An unavailable one
   * does not affect the others.
   *
   * @param only the only tier; null: all
   * @param apply executes what is missing
   * @param each receives the state of each tier
   * @return whether all are, or were made, as configured
   * @throws OperationException after the last tier, if clusters are unavailable or refuse; names
   *     all of them
   */
  public boolean run(@Nullable String only, boolean apply, Consumer<TierSchema> each) {
    List<OperationException> faults = new ArrayList<>();
    boolean differences = false;
    Map<StorageTier, CompletableFuture<List<String>>> pending = new LinkedHashMap<>();
    tiers(only).forEach(tier -> pending.put(tier, pending(tier)));
    for (StorageTier tier : pending.keySet()) {
      try {
        List<String> statements = pending.get(tier).get();
        if (apply && !statements.isEmpty()) {
          CqlSchema.create(tier.tier(), tier.cluster());
        }
        each.accept(new TierSchema(tier.name(), tier.cluster().keyspace(), statements, apply));
        differences |= !statements.isEmpty();
      } catch (InterruptedException interrupted) {
        throw OperationException.interrupted();
      } catch (ExecutionException | StoreException fault) {
        faults.add(
            fault.getCause() instanceof TimeoutException
                ? ServerFaults.noResponse(cluster(tier), limit)
                : ServerFaults.of(cluster(tier), fault));
      }
    }
    if (!faults.isEmpty()) {
      throw all(faults);
    }
    return apply || !differences;
  }

  /** What a tier lacks; read on a thread of its own, which ends with the process. */
  private CompletableFuture<List<String>> pending(StorageTier tier) {
    return CompletableFuture.supplyAsync(
            () -> CqlSchema.pending(tier.tier(), tier.cluster()),
            task -> {
              Thread thread = new Thread(task, "schema " + tier.name());
              thread.setDaemon(true);
              thread.start();
            })
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static OperationException all(List<OperationException> faults) {
    String message =
        faults.stream().map(OperationException::getMessage).collect(Collectors.joining("; "));
    return faults.stream().anyMatch(fault -> fault.kind() == FailureKind.UNREACHABLE)
        ? OperationException.unreachable(message, faults.get(0))
        : OperationException.usage(message);
  }

  static String cluster(StorageTier tier) {
    return "tier " + tier.name() + " at " + String.join(", ", tier.cluster().contactPoints());
  }

  private List<StorageTier> tiers(@Nullable String only) {
    return only == null ? settings.tiers() : List.of(settings.requireTier(only));
  }
}
