package io.postflight.schema.identity;

import io.postflight.schema.erasure.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/**
 * Who had a lease when, by its links.
 *
 * <p>Changes of numbers divide the time of the lease into spans. Within a span the persons whom
 * events name together with the lease follow one another: each from such an event on, the first
 * from the beginning of the span. Of each person the first and the last event count, so that a
 * number may return. Ids of different kinds do not exclude each other, since one person has
 * several.
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
      List<String> found = new ArrayList<>(holders.size());
      for (List<Holder> ofKind : holders.values()) {
        Holder holder = ofKind.get(0);
        for (Holder each : ofKind) {
          holder = each.from() <= time ? each : holder;
        }
        found.add(holder.id());
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
        if (ofKind.getValue().stream().anyMatch(holder -> own.test(holder.id()))) {
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
        if (own.test(ofKind.get(i).id())) {
          long begin = i == 0 && back ? from : ofKind.get(i).from();
          long end = i + 1 == ofKind.size() ? until : ofKind.get(i + 1).from();
          add(periods, new Period(begin, end));
        }
      }
      return periods;
    }
  }

  /**
   * Somebody who had the lease.
   *
   * @param from when an event named both, epoch milliseconds
   */
  record Holder(String id, long from) {}

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
    Map<AliasKind, List<Holder>> byKind = new EnumMap<>(AliasKind.class);
    for (AliasLink link : links) {
      AliasKind kind = AliasKind.of(link.getAlias());
      if (link.getRelation() == LinkRelation.SAME && holders.test(kind)) {
        for (long at : new long[] {link.getAt(), link.getLastAt()}) {
          if (from <= at && at < until) {
            byKind
                .computeIfAbsent(kind, first -> new ArrayList<>())
                .add(new Holder(link.getAlias(), at));
          }
        }
      }
    }
    byKind
        .values()
        .forEach(
            ofKind ->
                ofKind.sort(Comparator.comparingLong(Holder::from).thenComparing(Holder::id)));
    return new Span(from, until, byKind);
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

  /** The leases to which, or from which, the person moved at a time. */
  List<String> moved(LinkRelation relation, long time) {
    return links.stream()
        .filter(link -> link.getRelation() == relation && link.getAt() == time)
        .map(AliasLink::getAlias)
        .toList();
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
