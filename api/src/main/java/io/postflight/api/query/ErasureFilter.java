package io.postflight.api.query;

import io.postflight.api.erasure.ErasureGuard;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageAlias;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.ListingFilter;
import io.postflight.store.ListingItem;
import io.postflight.store.TimelineItem;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Removes erased and redacted content from rows, as far as the row itself determines it. */
final class ErasureFilter {
  private static final String ERROR = "error";

  private final ErasureGuard guard;

  ErasureFilter(ErasureGuard guard) {
    this.guard = guard;
  }

  /** A message without its redacted fields; empty if it is erased. */
  Optional<MessageRevision> of(MessageRevision revision) {
    String tenant = revision.getTenant();
    if (erased(
        tenant,
        revision.getMessageId(),
        Facts.text(revision.getFacts(), Facts.USER_ID),
        MessageAlias.of(revision.getFacts()),
        revision.getCreatedAt())) {
      return Optional.empty();
    }
    List<String> redacted = guard.redactedFields(tenant, revision.getMessageId());
    if (redacted.isEmpty()) {
      return Optional.of(revision);
    }
    MessageFacts facts = Facts.join(revision.getFacts(), Facts.redacted(redacted));
    return Optional.of(
        new MessageRevision(
            tenant,
            revision.getMessageId(),
            revision.getTier(),
            revision.getCreatedAt(),
            revision.getListedAt(),
            revision.getRevision(),
            revision.getListingShards(),
            facts));
  }

  /** A listing item without its redacted fields; empty if it is erased or no longer matches. */
  Optional<ListingItem> of(String tenant, ListingFilter filter, ListingItem item) {
    if (erased(tenant, item.messageId(), item.userId(), item.alias(), item.createdAt())) {
      return Optional.empty();
    }
    if (item.errorCode() == null || !errorRedacted(tenant, item.messageId())) {
      return Optional.of(item);
    }
    return Optional.of(
            new ListingItem(
                item.listedAt(),
                item.messageId(),
                item.createdAt(),
                item.revision(),
                item.times(),
                item.unconfirmedAt(),
                item.userId(),
                item.provider(),
                item.channel(),
                item.direction(),
                null,
                item.alias()))
        .filter(filter::matches);
  }

  /**
   * A timeline item without its redacted fields; empty if the item itself shows that it is erased:
   * it does not contain its message's creation time.
   *
   * @param userErasedAt see {@link ErasureGuard#userErasedAt}
   */
  Optional<TimelineItem> of(String tenant, @Nullable Long userErasedAt, TimelineItem item) {
    String message = item.messageId();
    if ((userErasedAt != null && item.eventTime() <= userErasedAt)
        || (message != null && guard.erasesMessage(tenant, message))) {
      return Optional.empty();
    }
    if (message == null || item.errorCode() == null || !errorRedacted(tenant, message)) {
      return Optional.of(item);
    }
    return Optional.of(item.withoutError());
  }

  private boolean erased(
      String tenant,
      String message,
      @Nullable String user,
      @Nullable String alias,
      long createdAt) {
    if (guard.erasesMessage(tenant, message)) {
      return true;
    }
    Long userErasedAt = guard.userErasedAt(tenant, user, alias, createdAt);
    return userErasedAt != null && createdAt <= userErasedAt;
  }

  private boolean errorRedacted(String tenant, String message) {
    return guard.redactedFields(tenant, message).contains(ERROR);
  }
}
