package io.postflight.store.cql;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.ErasureValidator;
import io.postflight.store.EventEraser;
import io.postflight.store.KeyLimits;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.RowRemover;
import io.postflight.store.StoreException;
import io.postflight.store.Tier;
import io.postflight.store.TimelineShards;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Applies privacy commands to one tier, and deletes single rows. */
final class CqlEraser implements EventEraser, RowRemover {
  private final CqlConnection connection;
  private final Tier tier;
  private final TimelineShards shards;
  private final InstantSource clock;

  CqlEraser(CqlConnection connection, Tier tier, TimelineShards shards, InstantSource clock) {
    this.connection = connection;
    this.tier = tier;
    this.shards = shards;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Long> erase(Erasure command, long timestampMicros) {
    String what = "applying erasure " + command.getId() + " of tenant " + command.getTenant();
    return connection.run(
        () -> what,
        () -> {
          ErasureValidator.require(command);
          return apply(command, timestampMicros);
        });
  }

  @Override
  public CompletionStage<Void> remove(RowKey key, long timestampMicros) {
    String excess = KeyLimits.excess(key);
    if (excess != null) {
      return CompletableFuture.failedFuture(
          new StoreException(StoreException.Kind.INVALID, excess));
    }
    return connection.run(
        () -> "deleting a row of " + key.table() + " of tenant " + key.partition().tenant(),
        () -> requests().delete(key, timestampMicros));
  }

  @Override
  public CompletionStage<Void> remove(PartitionKey partition, long timestampMicros) {
    return connection.run(
        () -> "deleting a partition of tenant " + partition.tenant(),
        () -> requests().delete(partition, timestampMicros));
  }

  @Override
  public CompletionStage<Void> repairPointers(PartitionKey partition) {
    return connection.run(
        () -> "repairing pointers of tenant " + partition.tenant(),
        () -> PointerRepair.repair(requests(), partition));
  }

  private ErasureRequests requests() {
    return new ErasureRequests(connection.statements(), tier, shards, clock);
  }

  private CompletionStage<Long> apply(Erasure command, long timestampMicros) {
    ErasureRequests requests = requests();
    String user = command.getUserId();
    String message = String.valueOf(command.getMessageId());
    if (cannotBeThere(command.getTenant(), user, message)) {
      return ErasureRequests.count(0);
    }
    if (user != null) {
      return new UserEraser(requests, command, user, timestampMicros).erase();
    }
    return command.getFields().isEmpty()
        ? new MessageEraser(requests, command, message, timestampMicros).apply()
        : new FieldRedactor(requests, command, message, timestampMicros).apply();
  }

  /**
   * Whether no row can exist because the key is too large, which the database rejects in reads and
   * deletes, too.
   */
  private static boolean cannotBeThere(String tenant, @Nullable String user, String message) {
    String excess =
        user == null
            ? KeyLimits.excessOfMessageId(tenant, message)
            : KeyLimits.excessOfUserId(tenant, user);
    return excess != null;
  }
}
