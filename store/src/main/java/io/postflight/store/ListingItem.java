package io.postflight.store;

import io.postflight.schema.lifecycle.MessageStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A completed message in its tenant's listing.
 *
 * @param listedAt its position in the listing, epoch milliseconds
 * @param messageId the provider's id of the message
 * @param createdAt anchor of its first event, epoch milliseconds
 * @param revision 1, 2, ...
 * @param times per status name the earliest event time, epoch milliseconds
 * @param unconfirmedAt when the deadline passed, if it did
 * @param userId the person on the other side, if known
 * @param provider the provider, if known
 * @param channel WHATSAPP, SMS, ..., if known
 * @param direction OUTBOUND or INBOUND, if known
 * @param errorCode the provider's error code, if any
 * @param alias another id of the person, if userId may pass to another person
 */
public record ListingItem(
    long listedAt,
    String messageId,
    long createdAt,
    int revision,
    Map<String, Long> times,
    @Nullable Long unconfirmedAt,
    @Nullable String userId,
    @Nullable String provider,
    @Nullable String channel,
    @Nullable String direction,
    @Nullable String errorCode,
    @Nullable String alias) {

  public ListingItem {
    times = Map.copyOf(times);
  }

  /** The status derived from the facts; null if no fact determines one. */
  public @Nullable MessageStatus status() {
    return MessageStatus.of(times, unconfirmedAt);
  }

  /** Its position in a listing. */
  public Position position() {
    return new Position(listedAt, messageId);
  }
}
