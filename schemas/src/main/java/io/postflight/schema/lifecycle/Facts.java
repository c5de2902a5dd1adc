package io.postflight.schema.lifecycle;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.identity.Aliases;
import io.postflight.schema.message.EventFacts;
import io.postflight.schema.message.MessageEdit;
import io.postflight.schema.message.MessageFacts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The algebra of message facts, which are a join-semilattice.
 *
 * <p>{@link #join} is commutative, associative and idempotent, so that the facts of a set of events
 * do not depend on the order of the events, nor on duplicates. Every component is a join of its
 * own: times take the minimum; texts and the error keep the value with the least (event time, rank
 * of the status, event id), and of two values under one such origin the smaller one; the price
 * keeps the most complete, then the greatest; the times of the completion timeout and of a
 * revocation take the minimum; redacted names take the union, and a redacted name has no value
 * ({@code error} and {@code price} may be redacted like the texts).
 *
 * <p>An edit is the one value of which the latest counts: its time takes the maximum, its text is
 * the one with the greatest (event time, event id). The text is redacted with the body. The text
 * before the first edit remains the fact {@link #BODY}; {@link Edits#body} is the text to show.
 *
 * <p>This is a state-based CRDT (Shapiro et al., 2011) rather than last-write-wins, so a late
 * {@code sent} cannot undo {@code delivered}.
 */
public final class Facts {
  /** Name of the fact that holds the person that the message was exchanged with. */
  public static final String USER_ID = "user_id";

  /**
   * Name of the fact that holds a user and another id of that person, if the user's id may pass to
   * another one: {@link MessageAlias} has the other id.
   */
  public static final String ALIAS = "alias";

  /** Name of the attribute that holds the group in which a message was sent. */
  public static final String GROUP = "groupId";

  /** Name of the fact that holds the provider. */
  public static final String PROVIDER = "provider";

  /** Name of the fact that holds the channel. */
  public static final String CHANNEL = "channel";

  /** Name of the fact that holds the direction. */
  public static final String DIRECTION = "direction";

  /** Name of the fact that holds the address the message came from. */
  public static final String SENDER = "sender";

  /** Name of the fact that holds the address the message went to. */
  public static final String RECIPIENT = "recipient";

  /** Name of the fact that holds the text of the message. */
  public static final String BODY = "body";

  /** Name under which the error is redacted. */
  public static final String ERROR = "error";

  /** Name under which the price is redacted. */
  public static final String PRICE = "price";

  /** Prefix of the names of attributes; redacting {@code attributes} redacts all of them. */
  public static final String ATTRIBUTE_PREFIX = "attributes.";

  /** No facts: the neutral element of the join. */
  public static final MessageFacts NONE =
      new MessageFacts(Map.of(), List.of(), null, null, List.of(), null, null, null);

  private static final String ALL_ATTRIBUTES = "attributes";

  /** Capacity of a set of the names of a message's facts. */
  private static final int TYPICAL_NAMES = 32;

  /** Distinguishes null from the empty text, which makes the order of values total. */
  private static final Comparator<@Nullable String> TEXT =
      Comparator.nullsFirst(Comparator.naturalOrder());

  private static final Comparator<Price> MOST_COMPLETE_PRICE =
      Comparator.comparingInt(Facts::completeness)
          .thenComparing(Facts::amount)
          .thenComparing(Price::getAmount, TEXT)
          .thenComparing(Price::getCurrency, TEXT)
          .thenComparing(Price::getCategory, TEXT)
          .thenComparing(Price::getBillable, Comparator.nullsFirst(Comparator.naturalOrder()))
          .reversed();

  private static final Comparator<EventFacts> EVENT_ORDER =
      Comparator.comparingLong(EventFacts::getAt)
          .thenComparingInt(EventFacts::getRank)
          .thenComparing(EventFacts::getEventId);

  private static final Comparator<EventError> ERROR_ORDER =
      Comparator.comparing(EventError::getCode, TEXT)
          .thenComparing(EventError::getTitle, TEXT)
          .thenComparing(EventError::getDetail, TEXT);

  private Facts() {}

  /**
   * The facts of one event. An annotation or an action does not advance the lifecycle: it adds no
   * time, but its other facts count. The body of an edit is the text of the edit.
   */
  public static MessageFacts of(MessageEvent event) {
    Map<String, String> texts = new HashMap<>();
    put(texts, USER_ID, event.getUserId());
    if (!event.getAttributes().containsKey(GROUP)) {
      // In a group the events of a message are those of several persons.
      put(texts, ALIAS, MessageAlias.fact(event.getUserId(), Aliases.identifying(event)));
    }
    put(texts, PROVIDER, event.getProvider());
    put(texts, CHANNEL, event.getChannel());
    put(texts, DIRECTION, event.getDirection().name());
    put(texts, SENDER, event.getSender());
    put(texts, RECIPIENT, event.getRecipient());
    boolean edit = Edits.isEdit(event);
    if (!edit) {
      put(texts, BODY, event.getBody());
    }
    event.getAttributes().forEach((name, value) -> texts.put(ATTRIBUTE_PREFIX + name, value));

    Map<String, Long> times =
        advancesLifecycle(event.getStatus())
            ? Map.of(event.getStatus().name(), event.getEventTime())
            : Map.of();
    EventFacts facts =
        new EventFacts(
            event.getEventTime(),
            event.getStatus().ordinal(),
            event.getEventId(),
            texts,
            event.getError());
    return new MessageFacts(
        times,
        List.of(facts),
        event.getPrice(),
        null,
        List.of(),
        edit ? (Long) event.getEventTime() : null,
        edit ? Edits.textOf(event) : null,
        Edits.isRevocation(event) ? (Long) event.getEventTime() : null);
  }

  /** Facts that consist only of the time of the completion timeout. */
  public static MessageFacts unconfirmedAt(long deadlineMillis) {
    return new MessageFacts(Map.of(), List.of(), null, deadlineMillis, List.of(), null, null, null);
  }

  /** Facts that consist only of redacted fields. */
  public static MessageFacts redacted(Collection<String> fields) {
    return new MessageFacts(
        Map.of(), List.of(), null, null, new ArrayList<>(new TreeSet<>(fields)), null, null, null);
  }

  /**
   * The join of two sets of facts. The arguments are not modified; the result may share their
   * parts. If {@code b} adds nothing to {@code a}, the result is {@code a} itself.
   */
  @SuppressWarnings("ReferenceEquality") // the same instance: b added nothing
  public static MessageFacts join(MessageFacts a, MessageFacts b) {
    List<String> redacted = union(a.getRedacted(), b.getRedacted());
    Map<String, Long> times = earliest(a.getTimes(), b.getTimes());
    List<EventFacts> events = first(a.getEvents(), b.getEvents(), redacted);
    Price price =
        redacted.contains(PRICE) ? null : least(a.getPrice(), b.getPrice(), MOST_COMPLETE_PRICE);
    Long unconfirmedAt =
        least(a.getUnconfirmedAt(), b.getUnconfirmedAt(), Comparator.naturalOrder());
    Long editedAt = least(a.getEditedAt(), b.getEditedAt(), Comparator.reverseOrder());
    MessageEdit edit =
        redacted.contains(BODY) ? null : least(a.getEdit(), b.getEdit(), Edits.NEWEST);
    Long revokedAt = least(a.getRevokedAt(), b.getRevokedAt(), Comparator.naturalOrder());

    boolean nothingNew =
        redacted == a.getRedacted()
            && times == a.getTimes()
            && events == a.getEvents()
            && price == a.getPrice()
            && Objects.equals(unconfirmedAt, a.getUnconfirmedAt())
            && Objects.equals(editedAt, a.getEditedAt())
            && Objects.equals(edit, a.getEdit())
            && Objects.equals(revokedAt, a.getRevokedAt());
    return nothingNew
        ? a
        : new MessageFacts(
            times, events, price, unconfirmedAt, redacted, editedAt, edit, revokedAt);
  }

  /** The value of a text fact; null if unknown. */
  public static @Nullable String text(MessageFacts facts, String name) {
    for (EventFacts event : facts.getEvents()) {
      String value = event.getTexts().get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** All text facts by name. */
  public static Map<String, String> texts(MessageFacts facts) {
    Map<String, String> texts = new HashMap<>();
    facts.getEvents().forEach(event -> texts.putAll(event.getTexts()));
    return texts;
  }

  /** The attributes by name, without {@link #ATTRIBUTE_PREFIX}, sorted. */
  public static SortedMap<String, String> attributes(MessageFacts facts) {
    SortedMap<String, String> attributes = new TreeMap<>();
    for (EventFacts event : facts.getEvents()) {
      event
          .getTexts()
          .forEach(
              (name, value) -> {
                if (name.startsWith(ATTRIBUTE_PREFIX)) {
                  attributes.put(name.substring(ATTRIBUTE_PREFIX.length()), value);
                }
              });
    }
    return attributes;
  }

  /** The error of a failed message; null if there is none. */
  public static @Nullable EventError error(MessageFacts facts) {
    for (EventFacts event : facts.getEvents()) {
      if (event.getError() != null) {
        return event.getError();
      }
    }
    return null;
  }

  /** Whether events of this status advance the lifecycle of the message. */
  public static boolean advancesLifecycle(Status status) {
    return status != Status.ANNOTATION && status != Status.ACTION;
  }

  private static void put(Map<String, String> texts, String name, @Nullable String value) {
    if (value != null) {
      texts.put(name, value);
    }
  }

  /** {@code a} itself if it has all of {@code b}. */
  private static List<String> union(List<String> a, List<String> b) {
    if (a.containsAll(b)) {
      return a;
    }
    TreeSet<String> both = new TreeSet<>(a);
    both.addAll(b);
    return new ArrayList<>(both);
  }

  /** {@code a} itself if {@code b} has nothing earlier. */
  @SuppressWarnings("ReferenceEquality") // checks whether it has been copied
  private static Map<String, Long> earliest(Map<String, Long> a, Map<String, Long> b) {
    Map<String, Long> joined = a;
    for (Map.Entry<String, Long> entry : b.entrySet()) {
      Long known = a.get(entry.getKey());
      if (known == null || entry.getValue() < known) {
        joined = joined == a ? new HashMap<>(a) : joined;
        joined.put(entry.getKey(), entry.getValue());
      }
    }
    return joined;
  }

  /**
   * The facts of all events; of two facts with one name that of the first event is kept. Merges two
   * sorted lists, in linear time. {@code a} itself if it already is the result.
   */
  @SuppressWarnings("ReferenceEquality") // shared parts are recognized
  private static List<EventFacts> first(
      List<EventFacts> a, List<EventFacts> b, Collection<String> redacted) {
    if (b.isEmpty() && redacted.isEmpty()) {
      return a;
    }
    List<EventFacts> merged = new ArrayList<>(a.size() + b.size());
    Set<String> taken = new HashSet<>(TYPICAL_NAMES);
    taken.addAll(redacted);
    int same = 0;
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      int order = i == a.size() ? 1 : j == b.size() ? -1 : EVENT_ORDER.compare(a.get(i), b.get(j));
      EventFacts next =
          order < 0 ? a.get(i) : order > 0 ? b.get(j) : ofOneEvent(a.get(i), b.get(j), taken);
      EventFacts left = untaken(next, taken);
      if (left != null) {
        merged.add(left);
        same += order <= 0 && left == a.get(i) ? 1 : 0;
      }
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return same == a.size() && same == merged.size() ? a : merged;
  }

  /** The facts whose names are not taken, which then are; null: there are none. */
  private static @Nullable EventFacts untaken(EventFacts event, Set<String> taken) {
    boolean error = event.getError() != null && taken.add(ERROR);
    Map<String, String> texts = event.getTexts();
    int left = 0;
    for (String name : texts.keySet()) {
      left += isTaken(name, taken) ? 0 : 1;
    }
    if (left == 0 && !error) {
      return null;
    }
    if (left == texts.size() && error == (event.getError() != null)) {
      taken.addAll(texts.keySet());
      return event;
    }
    Map<String, String> kept = new HashMap<>();
    texts.forEach(
        (name, value) -> {
          if (!isTaken(name, taken)) {
            kept.put(name, value);
          }
        });
    taken.addAll(kept.keySet());
    return new EventFacts(
        event.getAt(), event.getRank(), event.getEventId(), kept, error ? event.getError() : null);
  }

  private static boolean isTaken(String name, Set<String> taken) {
    return taken.contains(name)
        || (taken.contains(ALL_ATTRIBUTES) && name.startsWith(ATTRIBUTE_PREFIX));
  }

  /** Joins facts of one event, which differ only if two events have one id: the least values. */
  @SuppressWarnings("ReferenceEquality") // checks whether it has been copied
  private static EventFacts ofOneEvent(EventFacts a, EventFacts b, Set<String> taken) {
    Map<String, String> texts = a.getTexts();
    for (Map.Entry<String, String> text : b.getTexts().entrySet()) {
      String known = a.getTexts().get(text.getKey());
      boolean less = known == null || text.getValue().compareTo(known) < 0;
      if (less && !isTaken(text.getKey(), taken)) {
        texts = texts == a.getTexts() ? new HashMap<>(texts) : texts;
        texts.put(text.getKey(), text.getValue());
      }
    }
    EventError error =
        taken.contains(ERROR) ? a.getError() : least(a.getError(), b.getError(), ERROR_ORDER);
    return texts == a.getTexts() && error == a.getError()
        ? a
        : new EventFacts(a.getAt(), a.getRank(), a.getEventId(), texts, error);
  }

  private static <T> @Nullable T least(@Nullable T a, @Nullable T b, Comparator<T> order) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return order.compare(a, b) <= 0 ? a : b;
  }

  private static int completeness(Price price) {
    return (price.getAmount() == null ? 0 : 1)
        + (price.getCurrency() == null ? 0 : 1)
        + (price.getCategory() == null ? 0 : 1)
        + (price.getBillable() == null ? 0 : 1);
  }

  private static BigDecimal amount(Price price) {
    String amount = price.getAmount();
    if (amount == null || amount.length() > 40) {
      return BigDecimal.ZERO;
    }
    try {
      return new BigDecimal(amount);
    } catch (NumberFormatException notANumber) {
      return BigDecimal.ZERO;
    }
  }
}
