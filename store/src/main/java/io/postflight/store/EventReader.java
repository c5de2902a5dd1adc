package io.postflight.store;

import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.message.MessageRevision;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

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
   */
  CompletionStage<LatestEvents> latest(LatestQuery query);

  /** A page of a tenant's completed messages. */
  CompletionStage<Page<ListingItem>> listing(ListingQuery query);

  /** The links of an id to other ids of the same person; empty if it has none. */
  CompletionStage<List<AliasLink>> identity(String tenant, String alias);
}
