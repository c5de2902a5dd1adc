package io.postflight.operations.admin;

import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.StorageTier;
import io.postflight.store.StoreException;
import io.postflight.store.cql.CqlSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Compares the CQL schemas of tiers with the configured ones, and applies what is missing. */
public final class TierSchemas {
  private final OperationsSettings settings;

  /** Of a deployment. */
  public TierSchemas(OperationsSettings settings) {
    this.settings = settings;
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
   * Compares the tiers one by one. An unavailable one does not affect the others.
   *
   * @param only the only tier; null: all
   * @param apply executes what is missing
   * @param each receives the state of each tier
   * @return whether all are, or were made, as configured
   * @throws OperationException after the last tier, if a cluster is unavailable or refuses
   */
  public boolean run(@Nullable String only, boolean apply, Consumer<TierSchema> each) {
    List<OperationException> faults = new ArrayList<>();
    boolean differences = false;
    for (StorageTier tier : tiers(only)) {
      try {
        List<String> statements = CqlSchema.pending(tier.tier(), tier.cluster());
        if (apply && !statements.isEmpty()) {
          CqlSchema.create(tier.tier(), tier.cluster());
        }
        each.accept(new TierSchema(tier.name(), tier.cluster().keyspace(), statements, apply));
        differences |= !statements.isEmpty();
      } catch (StoreException fault) {
        faults.add(ServerFaults.of("tier " + tier.name(), fault));
      }
    }
    if (!faults.isEmpty()) {
      throw faults.get(0);
    }
    return apply || !differences;
  }

  private List<StorageTier> tiers(@Nullable String only) {
    return only == null ? settings.tiers() : List.of(settings.requireTier(only));
  }
}
