package io.postflight.schema.identity;

import io.postflight.schema.event.MessageEvent;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** The other ids of the person that an event names. */
@NullMarked
public final class Aliases {
  /** From the ids that best identify a person. */
  private static final Comparator<String> BEST =
      Comparator.<String, AliasKind>comparing(AliasKind::of)
          .thenComparing(Comparator.naturalOrder());

  private Aliases() {}

  /**
   * The id by which the rows of an event are told from those of another person who had the same
   * user_id; null: it cannot pass on, or the event names no other id.
   */
  public static @Nullable String identifying(@Nullable String userId, Collection<String> aliases) {
    return userId == null || aliases.isEmpty() || !AliasKind.of(userId).isLease()
        ? null
        : aliases.stream().filter(alias -> !alias.equals(userId)).min(BEST).orElse(null);
  }

  /** As {@link #identifying(String, Collection)}. */
  public static @Nullable String identifying(MessageEvent event) {
    return identifying(event.getUserId(), event.getAliases());
  }

  /**
   * What an event says about the ids of its person; null: it names fewer than two.
   *
   * @param owner another id of the person that is known from the message; null: none
   * @param createdAt of the message, epoch milliseconds: the person had that id then, and may have
   *     left it before a late event
   */
  public static @Nullable IdentityRecord named(
      MessageEvent event, @Nullable String owner, long createdAt) {
    Set<String> ids = new TreeSet<>(event.getAliases());
    if (event.getUserId() != null) {
      ids.add(event.getUserId());
    }
    if (owner != null) {
      ids.add(owner);
    }
    return ids.size() < 2
        ? null
        : new IdentityRecord(
            event.getTenant(),
            owner == null ? event.getEventTime() : Math.min(event.getEventTime(), createdAt),
            event.getReceivedAt(),
            List.copyOf(ids),
            event.getFormerIds(),
            null);
  }
}
