package io.postflight.store;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageAlias;
import io.postflight.schema.message.EventFacts;
import io.postflight.schema.message.MessageEdit;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Converts message revisions to columns and back, without loss.
 *
 * <p>Each well-known text fact has its own column, attributes share a map, and facts without a
 * column in this version (of a newer topology) are kept in {@code texts}. Origins are stored per
 * event in {@code origins}: most facts of a message stem from one or two events, so this takes a
 * fraction of the space of an origin per fact.
 *
 * <p>A redacted column is deleted rather than left unset, or the value of an earlier revision would
 * remain.
 */
public final class MessageColumns {
  /** Text facts with a column of the same name. */
  private static final List<String> TEXT_COLUMNS =
      List.of(
          Facts.USER_ID,
          Facts.PROVIDER,
          Facts.CHANNEL,
          Facts.DIRECTION,
          Facts.SENDER,
          Facts.RECIPIENT,
          Facts.BODY);

  /**
   * All listing rows of the message: {@code listed_at} to the shard count. Written element by
   * element, so that a second lifecycle, whose row overwrites the first one's cells, adds its
   * listing row instead of replacing the earlier one.
   */
  public static final String LISTINGS = "listings";

  private static final String CREATED_AT = "created_at";

  /** The text of the newest edit; redacted with the body. */
  public static final String EDIT = "edit";

  private static final String ERROR = "error";
  private static final String PRICE = "price";
  private static final String ATTRIBUTES = "attributes";

  private MessageColumns() {}

  static Map<String, @Nullable Object> cells(MessageRevision message) {
    MessageFacts facts = message.getFacts();
    Map<String, @Nullable Object> cells = new LinkedHashMap<>();
    cells.put(CREATED_AT, message.getCreatedAt());
    cells.put("revision", message.getRevision());
    cells.put("listing_shards", message.getListingShards());
    Long listedAt = message.getListedAt();
    if (listedAt != null) {
      cells.put("listed_at", listedAt);
      cells.put(LISTINGS, Map.of(listedAt, message.getListingShards()));
    }
    putPresent(cells, "unconfirmed_at", facts.getUnconfirmedAt());
    putFilled(cells, "times", new TreeMap<>(facts.getTimes()));
    for (String column : TEXT_COLUMNS) {
      putPresent(cells, column, Facts.text(facts, column));
    }
    putPresent(cells, Facts.ALIAS, MessageAlias.of(facts));
    putFilled(cells, ATTRIBUTES, Facts.attributes(facts));
    putFilled(cells, "texts", others(facts));
    putPresent(cells, ERROR, Facts.error(facts));
    putPresent(cells, PRICE, facts.getPrice());
    putPresent(cells, "edited_at", facts.getEditedAt());
    putPresent(cells, EDIT, facts.getEdit());
    putPresent(cells, "revoked_at", facts.getRevokedAt());
    List<FactOrigin> origins = origins(facts);
    if (!origins.isEmpty()) {
      cells.put("origins", origins);
    }
    if (!facts.getRedacted().isEmpty()) {
      cells.put("redacted", List.copyOf(facts.getRedacted()));
      deleteRedacted(cells, facts.getRedacted());
    }
    return cells;
  }

  /**
   * Whether cells contain a message. A redaction that was concurrent with an erasure, or that
   * expires a rounded second after its row, leaves a row without a message.
   */
  public static boolean isMessage(Map<String, ? extends @Nullable Object> cells) {
    return cells.get(CREATED_AT) != null;
  }

  /** All listing rows in cells: {@code listed_at} to the shard count. */
  @SuppressWarnings("unchecked") // the type of the column
  public static Map<Long, Integer> listings(Map<String, ? extends @Nullable Object> cells) {
    Map<Long, Integer> listings = new TreeMap<>();
    CellReader read = new CellReader(cells);
    Long listedAt = read.timeOrNull("listed_at");
    if (listedAt != null) {
      listings.put(listedAt, read.number("listing_shards"));
    }
    Object all = read.orNull(LISTINGS);
    if (all != null) {
      listings.putAll((Map<Long, Integer>) all);
    }
    return listings;
  }

  /**
   * Reads a message from cells: the inverse of {@link Row#cells()} of a {@link MessageRow}.
   *
   * @param tier name of the tier whose keyspace the cells were read from
   */
  public static MessageRevision revision(
      String tenant, String messageId, String tier, Map<String, ? extends @Nullable Object> cells) {
    CellReader read = new CellReader(cells);
    Map<String, String> texts = new HashMap<>();
    for (String column : TEXT_COLUMNS) {
      putPresent(texts, column, read.textOrNull(column));
    }
    putPresent(
        texts,
        Facts.ALIAS,
        MessageAlias.fact(read.textOrNull(Facts.USER_ID), read.textOrNull(Facts.ALIAS)));
    read.texts(ATTRIBUTES)
        .forEach((name, value) -> texts.put(Facts.ATTRIBUTE_PREFIX + name, value));
    texts.putAll(read.texts("texts"));
    List<String> redacted = read.list("redacted");
    return new MessageRevision(
        tenant,
        messageId,
        tier,
        read.time(CREATED_AT),
        read.timeOrNull("listed_at"),
        read.number("revision"),
        read.number("listing_shards"),
        new MessageFacts(
            new HashMap<>(read.times("times")),
            byEvent(texts, (EventError) read.orNull(ERROR), read.list("origins")),
            (Price) read.orNull(PRICE),
            read.timeOrNull("unconfirmed_at"),
            new ArrayList<>(redacted),
            read.timeOrNull("edited_at"),
            (MessageEdit) read.orNull(EDIT),
            read.timeOrNull("revoked_at")));
  }

  /** Deletes redacted columns; for {@code attributes.x} the map is rewritten. */
  static void deleteRedacted(Map<String, @Nullable Object> cells, Collection<String> redacted) {
    for (String name : redacted) {
      if (TEXT_COLUMNS.contains(name)
          || name.equals(ERROR)
          || name.equals(PRICE)
          || name.equals(ATTRIBUTES)) {
        cells.put(name, null);
        if (name.equals(Facts.BODY)) {
          cells.put(EDIT, null);
        }
      } else if (name.startsWith(Facts.ATTRIBUTE_PREFIX) && !cells.containsKey(ATTRIBUTES)) {
        cells.put(ATTRIBUTES, null);
      }
    }
  }

  private static Map<String, String> others(MessageFacts facts) {
    Map<String, String> others = new TreeMap<>();
    for (EventFacts event : facts.getEvents()) {
      event
          .getTexts()
          .forEach(
              (name, value) -> {
                if (!TEXT_COLUMNS.contains(name)
                    && !name.equals(Facts.ALIAS)
                    && !name.startsWith(Facts.ATTRIBUTE_PREFIX)) {
                  others.put(name, value);
                }
              });
    }
    return others;
  }

  private static List<FactOrigin> origins(MessageFacts facts) {
    List<FactOrigin> origins = new ArrayList<>(facts.getEvents().size());
    for (EventFacts event : facts.getEvents()) {
      List<String> names = new ArrayList<>(event.getTexts().keySet());
      if (event.getError() != null) {
        names.add(ERROR);
      }
      origins.add(new FactOrigin(event.getAt(), event.getRank(), event.getEventId(), names));
    }
    return origins;
  }

  /** The facts by the events that they stem from. */
  private static List<EventFacts> byEvent(
      Map<String, String> texts, @Nullable EventError error, List<FactOrigin> origins) {
    List<EventFacts> events = new ArrayList<>(origins.size() + 1);
    Map<String, String> left = new HashMap<>(texts);
    boolean errorLeft = error != null;
    for (FactOrigin origin : origins) {
      Map<String, String> own = new HashMap<>();
      for (String name : origin.facts()) {
        putPresent(own, name, left.remove(name));
      }
      boolean hasError = errorLeft && origin.facts().contains(ERROR);
      errorLeft &= !hasError;
      if (hasError || !own.isEmpty()) {
        events.add(
            new EventFacts(
                origin.at(), origin.rank(), origin.eventId(), own, hasError ? error : null));
      }
    }
    if (errorLeft || !left.isEmpty()) {
      // A value whose origin was not stored loses against any other.
      events.add(new EventFacts(Long.MAX_VALUE, 0, "", left, errorLeft ? error : null));
    }
    return events;
  }

  private static <V> void putPresent(Map<String, V> cells, String column, @Nullable V value) {
    if (value != null) {
      cells.put(column, value);
    }
  }

  private static void putFilled(
      Map<String, @Nullable Object> cells, String column, Map<String, ?> map) {
    if (!map.isEmpty()) {
      cells.put(column, map);
    }
  }
}
