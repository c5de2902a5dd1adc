package io.postflight.store;

import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.tenant.ShardVersion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one tier. No call blocks; every stage fails with {@link StoreException} only.
 * Expired rows are never returned.
 */
public interface EventReader {
  /** About how many bytes the rows of one answer may have. */
  long MAX_BYTES = 4L << 20;

  /** One message, in flight or complete; empty if the tier has none with that id. */
  CompletionStage<Optional<MessageRevision>> message(String tenant, String messageId);

  /** A page of a user's timeline. */
  CompletionStage<Page<TimelineItem>> timeline(TimelineQuery query);

  /**
   * A user's last event of one type, or of each type. Fails with {@link StoreException#tooLarge} if
   * these events have more than {@link #MAX_BYTES}.
   *
   * @param shards shard counts of the tenant's timelines
   * @param type exact type; null: all
   */
  CompletionStage<LatestEvents> latest(
      String tenant, String userId, List<ShardVersion> shards, @Nullable String type);

  /** A page of a tenant's completed messages. */
  CompletionStage<Page<ListingItem>> listing(ListingQuery query);
}
