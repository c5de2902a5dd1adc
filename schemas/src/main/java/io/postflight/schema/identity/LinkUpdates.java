package io.postflight.schema.identity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/**
 * Joins what events say about ids into the links of each id. The links of a set of events depend
 * neither on their order nor on duplicates.
 */
@NullMarked
public final class LinkUpdates {
  /** Maximum number of ids that are linked to one; further ones are not learnt. */
  public static final int MAX_LINKS = 128;

  /** Maximum number of links of an id. */
  private static final int MAX_ENTRIES = 512;

  private static final Comparator<AliasLink> EARLIEST =
      Comparator.comparingLong(AliasLink::getAt).thenComparing(AliasLink::getAlias);

  private static final Comparator<AliasLink> ORDER =
      Comparator.comparing(AliasLink::getAlias)
          .thenComparing(AliasLink::getRelation)
          .thenComparingLong(AliasLink::getAt);

  private LinkUpdates() {}

  /** The links that an event adds to each of the ids that it names. */
  public static Map<String, List<AliasLink>> of(IdentityRecord named) {
    Map<String, List<AliasLink>> links = new TreeMap<>();
    for (String id : named.getIds()) {
      List<AliasLink> own = new ArrayList<>(named.getIds().size() - 1);
      for (String other : named.getIds()) {
        if (!other.equals(id)) {
          own.add(link(id, other, named));
        }
      }
      links.put(id, own);
    }
    return links;
  }

  /**
   * A change of numbers divides the time of both: the old one was the person's up to the event that
   * reports it, and the new one is from that event on. A person who is named with the change had
   * the old number just before it.
   */
  private static AliasLink link(String id, String other, IdentityRecord named) {
    boolean left = isFormer(id, named);
    boolean otherLeft = isFormer(other, named);
    long at = left || otherLeft ? named.getAt() - 1 : named.getAt();
    if (left == otherLeft) {
      return new AliasLink(other, LinkRelation.SAME, at, at, null);
    }
    boolean leases = AliasKind.of(id).isLease() && AliasKind.of(other).isLease();
    LinkRelation relation =
        !leases ? LinkRelation.SAME : left ? LinkRelation.MOVED_TO : LinkRelation.MOVED_FROM;
    long time = leases ? named.getAt() + (left ? 1 : 0) : at;
    return new AliasLink(other, relation, time, time, null);
  }

  private static boolean isFormer(String id, IdentityRecord named) {
    return named.getFormerIds().contains(id) && AliasKind.of(id).isLease();
  }

  /**
   * The links of an id with those of another event.
   *
   * @param known ordered, as this method returns them
   * @return {@code known} itself if they add nothing
   */
  public static List<AliasLink> join(String id, List<AliasLink> known, List<AliasLink> more) {
    boolean lease = AliasKind.of(id).isLease();
    List<AliasLink> joined = known;
    for (AliasLink link : more) {
      joined = join(lease, joined, link);
    }
    return joined;
  }

  private static List<AliasLink> join(boolean ofLease, List<AliasLink> known, AliasLink link) {
    List<AliasLink> others = new ArrayList<>(known.size() + 1);
    List<AliasLink> alike = new ArrayList<>();
    for (AliasLink each : known) {
      (isAlike(each, link) ? alike : others).add(each);
    }
    if (alike.isEmpty() ? countIds(known) >= MAX_LINKS : known.size() >= MAX_ENTRIES) {
      return known;
    }
    alike.sort(EARLIEST);
    if (link.getRelation() != LinkRelation.SAME) {
      others.addAll(JointUse.moves(alike, link));
    } else if (ofLease) {
      others.addAll(JointUse.times(alike, link));
    } else {
      others.add(alike.isEmpty() ? link : JointUse.both(alike.get(0), link));
    }
    others.sort(ORDER);
    return others.equals(known) ? known : others;
  }

  /** Whether two links are uses of one pair of ids, or changes of a number in one direction. */
  private static boolean isAlike(AliasLink each, AliasLink link) {
    return each.getRelation() == link.getRelation()
        && (link.getRelation() != LinkRelation.SAME || each.getAlias().equals(link.getAlias()));
  }

  /** How many ids are linked. */
  public static long countIds(List<AliasLink> links) {
    return links.stream().map(AliasLink::getAlias).distinct().count();
  }

  /**
   * The links after an erasure of the person.
   *
   * @param own the ids of the person; a link to another id remains as it is
   */
  public static List<AliasLink> erased(
      List<AliasLink> known, long erasedAt, Predicate<String> own) {
    List<AliasLink> after = new ArrayList<>(known.size());
    for (AliasLink link : known) {
      after.add(own.test(link.getAlias()) ? erased(link, erasedAt) : link);
    }
    return after.equals(known) ? known : after;
  }

  private static AliasLink erased(AliasLink link, long erasedAt) {
    Long before = link.getErasedAt();
    return before != null && before >= erasedAt
        ? link
        : new AliasLink(
            link.getAlias(), link.getRelation(), link.getAt(), link.getLastAt(), erasedAt);
  }

  /**
   * The links of an id that may be shown: those that an event has named since they were erased,
   * from then on. In those of a lease that has any, the erased ids are replaced by {@link
   * ErasedHolder}.
   *
   * @param links with the times of erasures, or as this method returns them
   */
  public static List<AliasLink> shown(String id, List<AliasLink> links) {
    List<AliasLink> shown = new ArrayList<>(links.size());
    Set<AliasLink> since = new HashSet<>();
    for (AliasLink link : links) {
      Long erasedAt = link.getErasedAt();
      if (!ErasedHolder.is(link.getAlias()) && isVisible(link)) {
        if (erasedAt != null && link.getRelation() == LinkRelation.SAME) {
          since.add(between(link, erasedAt + 1, erasedAt + 1));
        }
        shown.add(
            erasedAt == null || link.getAt() > erasedAt
                ? link
                : between(link, erasedAt + 1, link.getLastAt()));
      }
    }
    shown.forEach(since::remove);
    shown.addAll(since);
    if (!shown.isEmpty() && AliasKind.of(id).isLease()) {
      shown.addAll(erasedHolders(links));
    }
    shown.sort(ORDER);
    return shown;
  }

  private static boolean isVisible(AliasLink link) {
    return link.getErasedAt() == null || link.getLastAt() > link.getErasedAt();
  }

  private static AliasLink between(AliasLink link, long at, long lastAt) {
    return new AliasLink(link.getAlias(), link.getRelation(), at, lastAt, null);
  }

  private static List<AliasLink> erasedHolders(List<AliasLink> links) {
    List<AliasLink> holders = new ArrayList<>();
    Map<String, String> places = new HashMap<>();
    for (AliasLink link : links) {
      boolean before = ErasedHolder.is(link.getAlias());
      Long erasedAt = link.getErasedAt();
      if (before || (erasedAt != null && link.getAt() <= erasedAt)) {
        String place =
            before
                ? link.getAlias()
                : places.computeIfAbsent(
                    link.getAlias(),
                    id -> ErasedHolder.of(AliasKind.of(id), links.size() + places.size()));
        long last = erasedAt == null ? link.getLastAt() : Math.min(link.getLastAt(), erasedAt);
        holders.add(new AliasLink(place, link.getRelation(), link.getAt(), last, null));
      }
    }
    return holders;
  }

  /**
   * Whether readers of the links need the later ones: there is another link, one is shown or
   * hidden, or who has a lease when may have changed. The last time of the only person who has a
   * lease matters to nobody.
   */
  public static boolean differ(List<AliasLink> before, List<AliasLink> after) {
    if (!summaries(before).equals(summaries(after))) {
      return true;
    }
    Map<AliasKind, String> ofKind = new EnumMap<>(AliasKind.class);
    for (AliasLink link : after) {
      String other = ofKind.put(AliasKind.of(link.getAlias()), link.getAlias());
      if (other != null && !other.equals(link.getAlias())) {
        return !before.equals(after);
      }
    }
    return false;
  }

  /** What matters of each id, whoever else has the lease. */
  private static Map<String, List<Long>> summaries(List<AliasLink> links) {
    Map<String, List<Long>> summaries = new HashMap<>();
    for (AliasLink link : links) {
      boolean moves = link.getRelation() != LinkRelation.SAME;
      List<Long> one = List.of(link.getAt(), isVisible(link) ? 1L : 0L);
      summaries.merge(
          link.getAlias() + '|' + link.getRelation() + '|' + (moves ? link.getAt() : ""),
          one,
          (a, b) -> List.of(Math.min(a.get(0), b.get(0)), Math.max(a.get(1), b.get(1))));
    }
    return summaries;
  }
}
