package io.postflight.schema.identity;

import io.postflight.schema.erasure.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/**
 * Who had a lease when, by its links.
 *
 * <p>Changes of numbers divide the time of the lease into spans. Within a span the persons whom
 * events name together with the lease follow one another: each from such an event on, the first
 * from the beginning of the span. Where another person is named between two events of one that are
 * not kept apart ({@link JointUse}), what follows may be of either until the last such event, and
 * is nobody's, unless both ids are one person's. Ids of different kinds do not exclude each other,
 * since one person has several.
 */
@NullMarked
final class Tenures {
  /** A span without a change of numbers. */
  record Span(long from, long until, Map<AliasKind, List<Holder>> holders) {
    boolean contains(long time) {
      return from <= time && time < until;
    }

    /** Those of each kind that had the lease at a time within the span. */
    List<String> at(long time) {
      return latest(time).stream().map(Holder::id).toList();
    }

    /** The same, with the event that names each. */
    List<Holder> latest(long time) {
      List<Holder> found = new ArrayList<>(holders.size());
      for (List<Holder> ofKind : holders.values()) {
        Holder holder = ofKind.get(0);
        for (Holder each : ofKind) {
          holder = each.from() <= time ? each : holder;
        }
        found.add(holder);
      }
      return found;
    }

    /** When a person of any kind was first named; the end of the span if none was. */
    long firstNamed() {
      return holders.values().stream().mapToLong(each -> each.get(0).from()).min().orElse(until);
    }

    /**
     * The periods in which the lease was a person's.
     *
     * @param own whether an id is the person's
     * @param back whether the first holder has the lease from the beginning of the span
     * @return empty if no holder is
     */
    List<Period> of(Predicate<String> own, boolean back) {
      List<Period> all = List.of(new Period(from, until));
      boolean held = false;
      boolean heldByPerson = false;
      boolean others = false;
      for (Map.Entry<AliasKind, List<Holder>> ofKind : holders.entrySet()) {
        if (ofKind.getValue().stream().anyMatch(holder -> holder.isOf(own))) {
          held = true;
          heldByPerson |= !ofKind.getKey().isLease();
          all = intersection(all, periods(ofKind.getValue(), own, back));
        } else {
          others |= !ofKind.getKey().isLease();
        }
      }
      // A lease that only another lease leads to is not followed to the rows of a person.
      return held && (heldByPerson || !others) ? all : List.of();
    }

    private List<Period> periods(List<Holder> ofKind, Predicate<String> own, boolean back) {
      List<Period> periods = new ArrayList<>();
      for (int i = 0; i < ofKind.size(); i++) {
        if (ofKind.get(i).isOf(own)) {
          long begin = i == 0 && back ? from : ofKind.get(i).from();
          long end = i + 1 == ofKind.size() ? until : ofKind.get(i + 1).from();
          add(periods, new Period(begin, end));
        }
      }
      return periods;
    }
  }

  /**
   * Who had the lease from an event on.
   *
   * @param id whom the event names
   * @param from time of the event, epoch milliseconds
   * @param others who may have had it as well
   */
  record Holder(String id, long from, Set<String> others) {
    boolean isOf(Predicate<String> own) {
      return own.test(id) && others.stream().allMatch(own);
    }
  }

  /** By relation, time of the change and order. */
  private final Map<LinkRelation, Map<Long, List<String>>> moves =
      new EnumMap<>(LinkRelation.class);

  private final List<AliasLink> links;
  private final List<Span> spans = new ArrayList<>();

  /**
   * @param links of the lease
   * @param holders which ids count as holders of it
   */
  Tenures(List<AliasLink> links, Predicate<AliasKind> holders) {
    this.links = links;
    TreeSet<Long> boundaries = new TreeSet<>();
    for (AliasLink link : links) {
      if (link.getRelation() != LinkRelation.SAME) {
        boundaries.add(link.getAt());
        moves
            .computeIfAbsent(link.getRelation(), first -> new HashMap<>())
            .computeIfAbsent(link.getAt(), first -> new ArrayList<>())
            .add(link.getAlias());
      }
    }
    long from = Long.MIN_VALUE;
    for (Long boundary : boundaries) {
      spans.add(span(from, boundary, holders));
      from = boundary;
    }
    spans.add(span(from, Long.MAX_VALUE, holders));
  }

  private Span span(long from, long until, Predicate<AliasKind> holders) {
    Map<AliasKind, List<AliasLink>> byKind = new EnumMap<>(AliasKind.class);
    for (AliasLink link : links) {
      AliasKind kind = AliasKind.of(link.getAlias());
      if (link.getRelation() == LinkRelation.SAME
          && holders.test(kind)
          && link.getLastAt() >= from
          && link.getAt() < until) {
        byKind.computeIfAbsent(kind, first -> new ArrayList<>()).add(link);
      }
    }
    Map<AliasKind, List<Holder>> following = new EnumMap<>(AliasKind.class);
    byKind.forEach(
        (kind, ofKind) -> {
          List<Holder> ordered = following(ofKind, from, until);
          if (!ordered.isEmpty()) {
            following.put(kind, ordered);
          }
        });
    return new Span(from, until, following);
  }

  /** The holders of one kind, in the order of the events that name them. */
  private static List<Holder> following(List<AliasLink> links, long from, long until) {
    List<Holder> following = new ArrayList<>(2 * links.size());
    for (AliasLink link : links) {
      for (long at : new long[] {link.getAt(), link.getLastAt()}) {
        if (from <= at && at < until) {
          Set<String> others = new HashSet<>();
          for (AliasLink other : links) {
            if (other.getAt() <= at && at < other.getLastAt()) {
              others.add(other.getAlias());
            }
          }
          following.add(new Holder(link.getAlias(), at, others));
        }
      }
    }
    following.sort(Comparator.comparingLong(Holder::from).thenComparing(Holder::id));
    return following;
  }

  /** In order; they cover all time. */
  List<Span> spans() {
    return spans;
  }

  /** The span that contains a time. */
  Span at(long time) {
    for (Span span : spans) {
      if (span.contains(time)) {
        return span;
      }
    }
    return spans.get(spans.size() - 1);
  }

  /** The leases to which, or from which, a person moved at a time. */
  List<String> moved(LinkRelation relation, long time) {
    return moves.getOrDefault(relation, Map.of()).getOrDefault(time, List.of());
  }

  /** The union of periods, ordered; adjacent ones are one. */
  static List<Period> union(Collection<Period> some) {
    List<Period> ordered = new ArrayList<>(some);
    ordered.sort(Comparator.comparingLong(Period::getFrom).thenComparingLong(Period::getUntil));
    List<Period> union = new ArrayList<>();
    ordered.forEach(period -> add(union, period));
    return union;
  }

  /** Adds a period that does not begin before the last one. */
  private static void add(List<Period> periods, Period period) {
    Period last = periods.isEmpty() ? null : periods.get(periods.size() - 1);
    if (last != null && last.getUntil() >= period.getFrom()) {
      periods.set(
          periods.size() - 1,
          new Period(last.getFrom(), Math.max(last.getUntil(), period.getUntil())));
    } else {
      periods.add(period);
    }
  }

  private static List<Period> intersection(List<Period> some, List<Period> others) {
    List<Period> both = new ArrayList<>();
    for (Period a : some) {
      for (Period b : others) {
        long from = Math.max(a.getFrom(), b.getFrom());
        long until = Math.min(a.getUntil(), b.getUntil());
        if (from < until) {
          both.add(new Period(from, until));
        }
      }
    }
    return both;
  }
}
