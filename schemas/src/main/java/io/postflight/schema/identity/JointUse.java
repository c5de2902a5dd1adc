package io.postflight.schema.identity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * When a lease was used together with another id. The latest {@value #MINUTES} minutes with an
 * event that names both are kept apart, so that a number may return to somebody who had it before;
 * of earlier ones the first and the last time of each week. What is kept of a set of events depends
 * neither on their order nor on duplicates.
 */
@NullMarked
final class JointUse {
  private static final int MINUTES = 16;

  /** The first week, and the latest: longer than a tier keeps rows. */
  private static final int WEEKS = 14;

  /** The latest changes of a number in one direction. */
  private static final int MOVES = 16;

  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final long WEEK = Duration.ofDays(7).toMillis();

  private JointUse() {}

  /**
   * Adds a time.
   *
   * @param known links of one lease to one id, the earliest first
   */
  static List<AliasLink> times(List<AliasLink> known, AliasLink link) {
    int first = Math.max(0, known.size() - MINUTES);
    List<AliasLink> weeks = new ArrayList<>(known.subList(0, first));
    List<AliasLink> minutes = new ArrayList<>(known.subList(first, known.size()));
    AliasLink added = with(link, latestErasure(known));
    boolean full = minutes.size() == MINUTES;
    if (!addTo(minutes, added, MINUTE)) {
      minutes.add(added);
      minutes.sort(Comparator.comparingLong(AliasLink::getAt));
      if (full) {
        AliasLink earliest = minutes.remove(0);
        if (!addTo(weeks, earliest, WEEK)) {
          weeks.add(earliest);
          weeks.sort(Comparator.comparingLong(AliasLink::getAt));
          if (weeks.size() > WEEKS) {
            weeks.remove(1);
          }
        }
      }
    }
    weeks.addAll(minutes);
    return weeks;
  }

  /** Whether a time is in a minute, or week, that is known; then it is joined with it. */
  private static boolean addTo(List<AliasLink> known, AliasLink link, long length) {
    for (int i = 0; i < known.size(); i++) {
      if (Math.floorDiv(known.get(i).getAt(), length) == Math.floorDiv(link.getAt(), length)) {
        known.set(i, both(known.get(i), link));
        return true;
      }
    }
    return false;
  }

  /**
   * Adds a change of a number.
   *
   * @param known changes in the same direction, the earliest first
   */
  static List<AliasLink> moves(List<AliasLink> known, AliasLink link) {
    List<AliasLink> moves = new ArrayList<>(known);
    for (AliasLink each : known) {
      if (each.getAt() == link.getAt() && each.getAlias().equals(link.getAlias())) {
        return moves;
      }
    }
    moves.add(link);
    moves.sort(Comparator.comparingLong(AliasLink::getAt).thenComparing(AliasLink::getAlias));
    if (moves.size() > MOVES) {
      moves.remove(0);
    }
    return moves;
  }

  /** The first and the last time of two links, and the later of their erasures. */
  static AliasLink both(AliasLink one, AliasLink other) {
    return new AliasLink(
        one.getAlias(),
        one.getRelation(),
        Math.min(one.getAt(), other.getAt()),
        Math.max(one.getLastAt(), other.getLastAt()),
        latestErasure(List.of(one, other)));
  }

  private static @Nullable Long latestErasure(List<AliasLink> links) {
    return links.stream()
        .map(AliasLink::getErasedAt)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  private static AliasLink with(AliasLink link, @Nullable Long erasedAt) {
    return erasedAt == null || link.getErasedAt() != null
        ? link
        : new AliasLink(
            link.getAlias(), link.getRelation(), link.getAt(), link.getLastAt(), erasedAt);
  }
}
