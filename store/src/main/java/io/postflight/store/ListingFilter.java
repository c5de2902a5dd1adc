package io.postflight.store;

import io.postflight.schema.lifecycle.MessageStatus;
import org.jspecify.annotations.Nullable;

/**
 * Filter of a listing; null matches every value.
 *
 * @param status status, derived from the facts
 * @param channel channel
 * @param direction direction
 * @param userId the person on the other side
 * @param errorCode the provider's error code
 */
public record ListingFilter(
    @Nullable MessageStatus status,
    @Nullable String channel,
    @Nullable String direction,
    @Nullable String userId,
    @Nullable String errorCode) {
  /** Every message. */
  public static final ListingFilter ALL = new ListingFilter(null, null, null, null, null);

  /** Whether a message matches. */
  public boolean matches(ListingItem item) {
    return (status == null || status == item.status())
        && (channel == null || channel.equals(item.channel()))
        && (direction == null || direction.equals(item.direction()))
        && (userId == null || userId.equals(item.userId()))
        && (errorCode == null || errorCode.equals(item.errorCode()));
  }
}
