package io.postflight.schema.identity;

import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.Period;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ids of a person, given the links of the ids that it asks for.
 *
 * <p>Ids that are persons are followed to any depth. A lease is followed only within the periods in
 * which it was the person's, and never to another person who had it: to the number before and after
 * a change of numbers, and from the id that was asked for to the persons who have it now and to the
 * leases that one event names together with it.
 *
 * <p>Deterministic: equal links give an equal group, in whatever order they are added.
 */
@NullMarked
public final class GroupSearch {
  private final String start;
  private final long at;
  private final @Nullable Long usedAt;
  private final Map<String, List<AliasLink>> links = new HashMap<>();

  private final Set<String> missing = new LinkedHashSet<>();
  private final Set<String> persons = new LinkedHashSet<>();

  /** Leases of the persons, with the spans in which they are known to be theirs by a move. */
  private final Map<String, Set<Tenures.Span>> leases = new LinkedHashMap<>();

  /** Spans that begin with a move of somebody else, so that the first holder is another one. */
  private final Map<String, Set<Tenures.Span>> others = new HashMap<>();

  private final Map<String, Tenures> tenures = new HashMap<>();

  private boolean truncated;

  /**
   * @param start the id that is asked for
   * @param at the time at which it is the person's, if it may pass on; epoch milliseconds
   * @param usedAt when somebody was last seen using it, epoch milliseconds; null: unknown. A number
   *     that its person has left still leads to that person until somebody else uses it
   */
  public GroupSearch(String start, long at, @Nullable Long usedAt) {
    this.start = start;
    this.at = at;
    this.usedAt = usedAt;
    search();
  }

  /**
   * The group of an id, from links that are at hand.
   *
   * @param at as of the constructor
   * @param usedAt as of the constructor
   * @param reader the links of an id; empty: it has none
   */
  public static AliasGroup group(
      String start, long at, @Nullable Long usedAt, Function<String, List<AliasLink>> reader) {
    GroupSearch search = new GroupSearch(start, at, usedAt);
    while (!search.missing().isEmpty()) {
      search.missing().forEach(alias -> search.add(alias, reader.apply(alias)));
      search.search();
    }
    return search.group();
  }

  /**
   * When the person of an id left it, if nobody is known to have it since, so that the group
   * depends on its use since then ({@code usedAt}); epoch milliseconds, null otherwise.
   *
   * @param links of the id
   */
  public static @Nullable Long leftAt(String id, long at, List<AliasLink> links) {
    if (!AliasKind.of(id).isLease()) {
      return null;
    }
    Tenures tenures = new Tenures(links, holder -> !holder.isLease());
    Tenures.Span now = tenures.at(at);
    return now.holders().isEmpty()
            && tenures.moved(LinkRelation.MOVED_TO, now.from()).stream()
                .anyMatch(next -> !ErasedHolder.is(next))
        ? (Long) now.from()
        : null;
  }

  /** Ids whose links have to be {@link #add added}; empty: the group is known. */
  public Set<String> missing() {
    return Set.copyOf(missing);
  }

  /** Adds the links of an id; none if it has none. */
  public void add(String alias, List<AliasLink> found) {
    links.put(alias, found);
    tenures.remove(alias);
  }

  /** Continues with the links that were added; {@link #missing} is what it lacks now. */
  public void search() {
    missing.clear();
    persons.clear();
    leases.clear();
    others.clear();
    truncated = false;
    begin();
    int before;
    do {
      before = size();
      List.copyOf(persons).forEach(this::followPerson);
      followStart();
      List.copyOf(leases.keySet()).forEach(this::followMoves);
      // What is found without some of the links is of no use.
    } while (size() > before && missing.isEmpty());
  }

  /** Grows with each id and each span that is found. */
  private int size() {
    return persons.size()
        + leases.size()
        + leases.values().stream().mapToInt(Set::size).sum()
        + others.size();
  }

  /** The group, once nothing is missing. */
  public AliasGroup group() {
    List<AliasGroup.Member> members = new ArrayList<>();
    Set<String> all = new TreeSet<>(persons);
    all.addAll(leases.keySet());
    all.removeIf(ErasedHolder::is);
    members.add(member(start, all));
    for (String alias : all) {
      if (!alias.equals(start)) {
        members.add(member(alias, all));
      }
    }
    return new AliasGroup(members, truncated);
  }

  /**
   * Rows under a lease name only ids that are linked to it, so its scope has no others; unless it
   * has more than are known.
   */
  private AliasGroup.Member member(String alias, Set<String> all) {
    List<AliasLink> own = linksOf(alias);
    if (!leases.containsKey(alias) || (own.isEmpty() && alias.equals(start))) {
      return new AliasGroup.Member(alias, null);
    }
    if (own.isEmpty()) {
      // Who else has it is not known yet.
      return new AliasGroup.Member(alias, new ErasureScope(List.copyOf(all), List.of()));
    }
    List<String> named =
        LinkUpdates.countIds(own) >= LinkUpdates.MAX_LINKS
            ? List.copyOf(all)
            : own.stream().map(AliasLink::getAlias).filter(all::contains).distinct().toList();
    return new AliasGroup.Member(
        alias, new ErasureScope(named.stream().sorted().toList(), periods(alias)));
  }

  private void begin() {
    if (!AliasKind.of(start).isLease()) {
      persons.add(start);
      return;
    }
    List<AliasLink> own = linksOf(start);
    Tenures tenures = tenures(start);
    Tenures.Span now = tenures.at(at);
    Set<Tenures.Span> held = new LinkedHashSet<>(List.of(now));
    leases.put(start, held);
    presentHolders(now).forEach(this::addPerson);
    boolean used = usedAt != null && usedAt > now.from();
    if (leftAt(start, at, own) != null && !used) {
      Tenures.Span before = tenures.at(now.from() - 1);
      held.add(before);
      before.at(now.from() - 1).forEach(this::addPerson);
    }
    if (now.holders().isEmpty()) {
      new Tenures(own, AliasKind::isLease).at(at).at(at).forEach(this::addLease);
    }
  }

  /**
   * The present holders of the lease in question: of each kind the last, unless that is another
   * person than one who was named later, by an id of the same kind that is linked to each.
   */
  private List<String> presentHolders(Tenures.Span now) {
    List<Tenures.Holder> latest = new ArrayList<>(now.latest(at));
    latest.sort(Comparator.comparingLong(Tenures.Holder::from).reversed());
    List<String> present = new ArrayList<>();
    List<Set<String>> others = new ArrayList<>();
    for (Tenures.Holder holder : latest) {
      Set<String> linked = linkedPersons(holder.id());
      if (others.stream().noneMatch(other -> areDifferent(other, linked))) {
        present.add(holder.id());
        others.add(linked);
      }
    }
    return present;
  }

  /** The ids that are persons and linked to one, directly or not. */
  private Set<String> linkedPersons(String person) {
    Set<String> found = new LinkedHashSet<>(Set.of(person));
    Deque<String> open = new ArrayDeque<>(found);
    while (!open.isEmpty()) {
      for (AliasLink link : linksOf(open.remove())) {
        if (!AliasKind.of(link.getAlias()).isLease()
            && found.size() < AliasGroup.MAX_MEMBERS
            && found.add(link.getAlias())) {
          open.add(link.getAlias());
        }
      }
    }
    return found;
  }

  private static boolean areDifferent(Set<String> some, Set<String> others) {
    return Collections.disjoint(some, others)
        && some.stream()
            .map(AliasKind::of)
            .anyMatch(kind -> others.stream().anyMatch(other -> AliasKind.of(other) == kind));
  }

  /** Adds the leases that an event names with the one that was asked for, while it was theirs. */
  private void followStart() {
    if (persons.isEmpty() || !leases.containsKey(start)) {
      return;
    }
    List<Period> own = periods(start);
    for (AliasLink link : linksOf(start)) {
      if (link.getRelation() == LinkRelation.SAME
          && AliasKind.of(link.getAlias()).isLease()
          && contain(own, link.getAt())) {
        addLease(link.getAlias());
      }
    }
  }

  private void followPerson(String person) {
    for (AliasLink link : linksOf(person)) {
      if (AliasKind.of(link.getAlias()).isLease()) {
        addLease(link.getAlias());
      } else {
        addPerson(link.getAlias());
      }
    }
  }

  /** Follows the changes of numbers at the bounds of the spans in which a lease is the person's. */
  private void followMoves(String lease) {
    Tenures tenures = tenures(lease);
    List<Period> own = periods(lease);
    for (Tenures.Span span : tenures.spans()) {
      if (contain(own, span.until() - 1)) {
        for (String next : tenures.moved(LinkRelation.MOVED_TO, span.until())) {
          if (!ErasedHolder.is(next)) {
            enter(next, span.until());
          }
        }
      }
      if (contain(own, span.from())) {
        for (String previous : tenures.moved(LinkRelation.MOVED_FROM, span.from())) {
          if (ErasedHolder.is(previous) || isHeldByAnother(previous, span.from() - 1)) {
            others.computeIfAbsent(lease, first -> new LinkedHashSet<>()).add(span);
          } else {
            enter(previous, span.from() - 1);
          }
        }
      }
    }
  }

  private boolean isHeldByAnother(String lease, long time) {
    return tenures(lease).at(time).at(time).stream().anyMatch(this::isOfAnother);
  }

  /**
   * Whether an id is that of another person: one has a single id of a kind, unless they are linked.
   */
  private boolean isOfAnother(String id) {
    AliasKind kind = AliasKind.of(id);
    return !persons.contains(id) && persons.stream().anyMatch(own -> AliasKind.of(own) == kind);
  }

  /** Adds the span of a lease that contains a time, and the persons who had it then. */
  private void enter(String lease, long time) {
    Set<Tenures.Span> held = addLease(lease);
    Tenures.Span span = tenures(lease).at(time);
    if (held != null && held.add(span) && !isHeldByAnother(lease, time)) {
      span.at(time).forEach(this::addPerson);
    }
  }

  /** The periods in which a lease is the person's. */
  private List<Period> periods(String lease) {
    Set<Tenures.Span> held = leases.getOrDefault(lease, Set.of());
    Set<Tenures.Span> begunByOthers = others.getOrDefault(lease, Set.of());
    List<Period> periods = new ArrayList<>();
    for (Tenures.Span span : tenures(lease).spans()) {
      List<Period> own = span.of(id -> isOwn(lease, id), !begunByOthers.contains(span));
      if (own.isEmpty() && held.contains(span) && span.from() < span.firstNamed()) {
        // Until an event names another person with it.
        periods.add(new Period(span.from(), span.firstNamed()));
      }
      periods.addAll(own);
    }
    return Tenures.union(periods);
  }

  /** An erased holder is known of the lease alone that was asked for. */
  private boolean isOwn(String lease, String id) {
    return id.equals(start)
        || (persons.contains(id) && (lease.equals(start) || !ErasedHolder.is(id)));
  }

  /**
   * Of the id that was asked for only persons count as holders; of another one that leads to a
   * lease, in addition ids of its kind, which it follows or precedes.
   */
  private Tenures tenures(String lease) {
    AliasKind kind = AliasKind.of(start);
    List<AliasLink> known = linksOf(lease);
    return tenures.computeIfAbsent(
        lease,
        first ->
            new Tenures(
                known, holder -> !holder.isLease() || (!lease.equals(start) && kind == holder)));
  }

  private List<AliasLink> linksOf(String alias) {
    List<AliasLink> known = ErasedHolder.is(alias) ? List.of() : links.get(alias);
    if (known == null) {
      missing.add(alias);
      return List.of();
    }
    return known;
  }

  private void addPerson(String person) {
    if (AliasKind.of(person).isLease()) {
      return;
    }
    if (isFull() && !persons.contains(person)) {
      truncated = true;
    } else {
      persons.add(person);
    }
  }

  /** The spans in which a lease is the person's by a move; null: the group is full. */
  private @Nullable Set<Tenures.Span> addLease(String lease) {
    if (isFull() && !leases.containsKey(lease)) {
      truncated = true;
      return null;
    }
    return leases.computeIfAbsent(lease, first -> new LinkedHashSet<>());
  }

  private boolean isFull() {
    return persons.size() + leases.size() >= AliasGroup.MAX_MEMBERS;
  }

  private static boolean contain(List<Period> periods, long time) {
    for (Period period : periods) {
      if (period.getFrom() <= time && time < period.getUntil()) {
        return true;
      }
    }
    return false;
  }
}
