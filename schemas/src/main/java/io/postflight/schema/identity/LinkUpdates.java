package io.postflight.schema.identity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Joins what events say about ids into the links of each id. The links of a set of events depend
 * neither on their order nor on duplicates.
 */
@NullMarked
public final class LinkUpdates {
  /** Maximum number of links of an id; further ones are not learnt. */
  public static final int MAX_LINKS = 128;

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
   * A change of numbers divides the time of both: the old one was the person's until then, the new
   * one is from then on. A person who is named with the change had the old number just before it.
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
    long time = leases ? named.getAt() : at;
    return new AliasLink(other, relation, time, time, null);
  }

  private static boolean isFormer(String id, IdentityRecord named) {
    return named.getFormerIds().contains(id) && AliasKind.of(id).isLease();
  }

  /**
   * The links with those of another event.
   *
   * @param known ordered, as this method returns them
   * @return {@code known} itself if they add nothing
   */
  public static List<AliasLink> join(List<AliasLink> known, List<AliasLink> more) {
    List<AliasLink> joined = known;
    for (AliasLink link : more) {
      joined = join(joined, link);
    }
    return joined;
  }

  private static List<AliasLink> join(List<AliasLink> known, AliasLink link) {
    AliasLink before = find(known, link);
    if (before == null) {
      if (known.size() >= MAX_LINKS) {
        return known;
      }
      List<AliasLink> more = new ArrayList<>(known);
      more.add(link);
      more.sort(ORDER);
      return more;
    }
    AliasLink after = join(before, link);
    if (after.equals(before)) {
      return known;
    }
    List<AliasLink> changed = new ArrayList<>(known);
    changed.set(changed.indexOf(before), after);
    changed.sort(ORDER);
    return changed;
  }

  /** Of two moves between the same ids each counts; of a common use the earliest time. */
  private static @Nullable AliasLink find(List<AliasLink> known, AliasLink link) {
    for (AliasLink each : known) {
      if (each.getAlias().equals(link.getAlias())
          && each.getRelation() == link.getRelation()
          && (each.getRelation() == LinkRelation.SAME || each.getAt() == link.getAt())) {
        return each;
      }
    }
    return null;
  }

  private static AliasLink join(AliasLink before, AliasLink link) {
    return new AliasLink(
        before.getAlias(),
        before.getRelation(),
        Math.min(before.getAt(), link.getAt()),
        Math.max(before.getLastAt(), link.getLastAt()),
        before.getErasedAt());
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

  /** The links that may be shown: those that an event has named since they were erased. */
  public static List<AliasLink> visible(List<AliasLink> links) {
    return links.stream().filter(LinkUpdates::isVisible).toList();
  }

  private static boolean isVisible(AliasLink link) {
    return link.getErasedAt() == null || link.getLastAt() > link.getErasedAt();
  }

  /**
   * Whether readers of the links need the later ones: there is another link, one is shown or
   * hidden, or who has a lease when may have changed. The last time of the only person who has a
   * lease matters to nobody.
   */
  public static boolean differ(List<AliasLink> before, List<AliasLink> after) {
    if (before.size() != after.size()) {
      return true;
    }
    Set<AliasKind> kinds = EnumSet.noneOf(AliasKind.class);
    boolean passes = false;
    boolean later = false;
    for (int i = 0; i < after.size(); i++) {
      AliasLink known = before.get(i);
      AliasLink link = after.get(i);
      if (!known.getAlias().equals(link.getAlias())
          || known.getRelation() != link.getRelation()
          || known.getAt() != link.getAt()
          || isVisible(known) != isVisible(link)) {
        return true;
      }
      passes |= !kinds.add(AliasKind.of(link.getAlias()));
      later |= known.getLastAt() != link.getLastAt();
    }
    return passes && later;
  }
}
