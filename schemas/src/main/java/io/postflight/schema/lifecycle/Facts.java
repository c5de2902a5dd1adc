package io.postflight.schema.lifecycle;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.ErrorFact;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.TextFact;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The algebra of message facts, which are a join-semilattice.
 *
 * <p>{@link #join} is commutative, associative and idempotent, so that the facts of a set of events
 * do not depend on the order of the events, nor on duplicates. Every component is a join of its
 * own: times take the minimum; texts and the error keep the value with the least (event time, rank
 * of the status, event id), and of two values under one such origin the smaller one; the price
 * keeps the most complete, then the greatest; the time of the completion timeout takes the minimum;
 * redacted names take the union, and a redacted name has no value ({@code error} and {@code price}
 * may be redacted like the texts).
 *
 * <p>This is a state-based CRDT (Shapiro et al., 2011) rather than last-write-wins, so a late
 * {@code sent} cannot undo {@code delivered}.
 */
public final class Facts {
  /** Name of the fact that holds the person that the message was exchanged with. */
  public static final String USER_ID = "user_id";

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
      new MessageFacts(Map.of(), Map.of(), null, null, null, List.of());

  private static final String ALL_ATTRIBUTES = "attributes";

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

  private static final Comparator<TextFact> TEXT_ORDER =
      Comparator.comparingLong(TextFact::getAt)
          .thenComparingInt(TextFact::getRank)
          .thenComparing(TextFact::getEventId)
          .thenComparing(TextFact::getValue);

  private static final Comparator<ErrorFact> ERROR_ORDER =
      Comparator.comparingLong(ErrorFact::getAt)
          .thenComparingInt(ErrorFact::getRank)
          .thenComparing(ErrorFact::getEventId)
          .thenComparing(fact -> fact.getValue().getCode(), TEXT)
          .thenComparing(fact -> fact.getValue().getTitle(), TEXT)
          .thenComparing(fact -> fact.getValue().getDetail(), TEXT);

  private Facts() {}

  /**
   * The facts of one event. An annotation or an action does not advance the lifecycle: it adds no
   * time, but its other facts count.
   */
  public static MessageFacts of(MessageEvent event) {
    Map<String, TextFact> texts = new HashMap<>();
    put(texts, USER_ID, event.getUserId(), event);
    put(texts, PROVIDER, event.getProvider(), event);
    put(texts, CHANNEL, event.getChannel(), event);
    put(texts, DIRECTION, event.getDirection().name(), event);
    put(texts, SENDER, event.getSender(), event);
    put(texts, RECIPIENT, event.getRecipient(), event);
    put(texts, BODY, event.getBody(), event);
    event
        .getAttributes()
        .forEach((name, value) -> put(texts, ATTRIBUTE_PREFIX + name, value, event));

    Map<String, Long> times =
        advancesLifecycle(event.getStatus())
            ? Map.of(event.getStatus().name(), event.getEventTime())
            : Map.of();
    EventError error = event.getError();
    ErrorFact errorFact =
        error == null
            ? null
            : new ErrorFact(
                error, event.getEventTime(), event.getStatus().ordinal(), event.getEventId());
    return new MessageFacts(times, texts, errorFact, event.getPrice(), null, List.of());
  }

  /** Facts that consist only of the time of the completion timeout. */
  public static MessageFacts unconfirmedAt(long deadlineMillis) {
    return new MessageFacts(Map.of(), Map.of(), null, null, deadlineMillis, List.of());
  }

  /** Facts that consist only of redacted fields. */
  public static MessageFacts redacted(Collection<String> fields) {
    return new MessageFacts(
        Map.of(), Map.of(), null, null, null, new ArrayList<>(new TreeSet<>(fields)));
  }

  /**
   * The join of two sets of facts. The arguments are not modified; the result may share their
   * parts. If {@code b} adds nothing to {@code a}, the result is {@code a} itself, without
   * allocation.
   */
  @SuppressWarnings("ReferenceEquality") // the same instance: b added nothing
  public static MessageFacts join(MessageFacts a, MessageFacts b) {
    List<String> redacted = union(a.getRedacted(), b.getRedacted());
    Map<String, Long> times = earliest(a.getTimes(), b.getTimes());
    Map<String, TextFact> texts = without(redacted, least(a.getTexts(), b.getTexts(), redacted));
    ErrorFact error =
        redacted.contains(ERROR) ? null : least(a.getError(), b.getError(), ERROR_ORDER);
    Price price =
        redacted.contains(PRICE) ? null : least(a.getPrice(), b.getPrice(), MOST_COMPLETE_PRICE);
    Long unconfirmedAt =
        least(a.getUnconfirmedAt(), b.getUnconfirmedAt(), Comparator.naturalOrder());

    boolean nothingNew =
        redacted == a.getRedacted()
            && times == a.getTimes()
            && texts == a.getTexts()
            && error == a.getError()
            && price == a.getPrice()
            && Objects.equals(unconfirmedAt, a.getUnconfirmedAt());
    return nothingNew ? a : new MessageFacts(times, texts, error, price, unconfirmedAt, redacted);
  }

  /** The value of a text fact; null if unknown. */
  public static @Nullable String text(MessageFacts facts, String name) {
    TextFact fact = facts.getTexts().get(name);
    return fact == null ? null : fact.getValue();
  }

  /** Whether events of this status advance the lifecycle of the message. */
  public static boolean advancesLifecycle(Status status) {
    return status != Status.ANNOTATION && status != Status.ACTION;
  }

  private static boolean isRedacted(String name, Collection<String> redacted) {
    return redacted.contains(name)
        || (name.startsWith(ATTRIBUTE_PREFIX) && redacted.contains(ALL_ATTRIBUTES));
  }

  private static void put(
      Map<String, TextFact> texts, String name, @Nullable String value, MessageEvent event) {
    if (value != null) {
      texts.put(
          name,
          new TextFact(
              value, event.getEventTime(), event.getStatus().ordinal(), event.getEventId()));
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
  private static Map<String, Long> earliest(Map<String, Long> a, Map<String, Long> b) {
    Map<String, Long> joined = a;
    for (Map.Entry<String, Long> entry : b.entrySet()) {
      Long known = a.get(entry.getKey());
      if (known == null || entry.getValue() < known) {
        joined = own(joined, a);
        joined.put(entry.getKey(), entry.getValue());
      }
    }
    return joined;
  }

  /** {@code a} itself if {@code b} has no earlier value that may be kept. */
  private static Map<String, TextFact> least(
      Map<String, TextFact> a, Map<String, TextFact> b, Collection<String> redacted) {
    Map<String, TextFact> joined = a;
    for (Map.Entry<String, TextFact> entry : b.entrySet()) {
      TextFact known = a.get(entry.getKey());
      if ((known == null || TEXT_ORDER.compare(entry.getValue(), known) < 0)
          && !isRedacted(entry.getKey(), redacted)) {
        joined = own(joined, a);
        joined.put(entry.getKey(), entry.getValue());
      }
    }
    return joined;
  }

  /** The texts themselves if none of them is redacted. */
  private static Map<String, TextFact> without(
      Collection<String> redacted, Map<String, TextFact> texts) {
    if (redacted.isEmpty() || texts.keySet().stream().noneMatch(n -> isRedacted(n, redacted))) {
      return texts;
    }
    Map<String, TextFact> kept = new HashMap<>(texts);
    kept.keySet().removeIf(name -> isRedacted(name, redacted));
    return kept;
  }

  /** A copy of {@code original}, unless {@code joined} is one already. */
  @SuppressWarnings("ReferenceEquality") // checks whether it has been copied
  private static <V> Map<String, V> own(Map<String, V> joined, Map<String, V> original) {
    return joined == original ? new HashMap<>(original) : joined;
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
