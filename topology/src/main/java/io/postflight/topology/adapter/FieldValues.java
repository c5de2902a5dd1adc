package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a JSON object has at its {@link WantedFields}. Null and the empty text are as absent; of a
 * field that is given twice the last value counts.
 *
 * <p>{@link #get} is for data that describes a message: a value of the wrong type is as absent.
 * {@link #text}, {@link #id} and {@link #time} are for data that decides what is stored: they
 * reject the entry.
 */
final class FieldValues implements Fields {
  /** Path of the value itself, in a list of scalars. */
  static final String SCALAR = "";

  private enum Kind {
    TEXT,
    NUMBER,
    /** A fraction, a negative zero or a boolean. */
    NO_ID,
    BOOLEAN,
    STRUCTURE,
    EMPTY_OBJECT
  }

  private final WantedFields wanted;
  private final @Nullable String[] texts;
  private final @Nullable Kind[] kinds;
  private @Nullable List<FieldValues> @Nullable [] lists;
  private boolean object;

  /** Path of the list that the value is an element of; null: it is none. */
  private @Nullable String listPath;

  FieldValues(WantedFields wanted) {
    this.wanted = wanted;
    this.texts = new String[wanted.count()];
    this.kinds = new Kind[wanted.count()];
  }

  void scalar(int slot, JsonParser parser, JsonToken token) throws IOException {
    String text = token == JsonToken.VALUE_NULL ? "" : JsonBodies.scalar(parser);
    texts[slot] = text.isEmpty() ? null : text;
    kinds[slot] = text.isEmpty() ? null : kind(parser, token);
  }

  private static Kind kind(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      return Kind.TEXT;
    }
    if (token.isBoolean()) {
      return Kind.BOOLEAN;
    }
    return JsonBodies.isInvalidId(parser) ? Kind.NO_ID : Kind.NUMBER;
  }

  void structure(int slot) {
    texts[slot] = null;
    kinds[slot] = Kind.STRUCTURE;
    if (lists != null) {
      lists[slot] = null;
    }
  }

  void emptyObject(int slot) {
    kinds[slot] = Kind.EMPTY_OBJECT;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  void element(int slot, String path, FieldValues element) {
    element.listPath = path;
    if (lists == null) {
      lists = new List[wanted.count()];
    }
    List<FieldValues> list = lists[slot];
    if (list == null) {
      list = new ArrayList<>();
      lists[slot] = list;
    }
    list.add(element);
  }

  @Override
  public @Nullable String get(String path) {
    return texts[wanted.slotOf(path)];
  }

  void markObject() {
    object = true;
  }

  /** Whether the value itself is an object; the elements of a list may be anything. */
  boolean isObject() {
    return object;
  }

  /** Whether the field is there, of any type. */
  boolean has(String path) {
    return kinds[wanted.slotOf(path)] != null;
  }

  /** Whether an object or array is there. */
  boolean isStructure(String path) {
    Kind kind = kinds[wanted.slotOf(path)];
    return kind == Kind.STRUCTURE || kind == Kind.EMPTY_OBJECT;
  }

  /** The elements of a list; empty if there is none. */
  List<FieldValues> list(String path) {
    List<FieldValues> list = lists == null ? null : lists[wanted.slotOf(path)];
    return list == null ? List.of() : list;
  }

  @Override
  public @Nullable String text(EventDraft draft, String... paths) {
    for (String path : paths) {
      int slot = wanted.slotOf(path);
      if (isStructure(path)) {
        draft.reject(
            RejectionReason.MALFORMED_BODY, named(path) + " is neither a string nor a number");
        return null;
      }
      if (texts[slot] != null) {
        return texts[slot];
      }
    }
    return null;
  }

  @Override
  public @Nullable String id(EventDraft draft, String... paths) {
    for (String path : paths) {
      Kind kind = kinds[wanted.slotOf(path)];
      if (kind != null && kind != Kind.TEXT && kind != Kind.NUMBER) {
        JsonBodies.rejectId(draft, named(path));
        return null;
      }
      if (kind != null) {
        return get(path);
      }
    }
    return null;
  }

  /** An empty object states no time, as some libraries write an absent one. */
  @Override
  public @Nullable Long time(EventDraft draft, String... paths) {
    for (String path : paths) {
      Kind kind = kinds[wanted.slotOf(path)];
      if (kind == Kind.STRUCTURE || kind == Kind.BOOLEAN) {
        ProviderTimes.reject(draft, path);
        return null;
      }
      String text = get(path);
      if (text != null) {
        return ProviderTimes.of(draft, path, text);
      }
    }
    return null;
  }

  private String named(String path) {
    if (!path.isEmpty()) {
      return "'" + path + "'";
    }
    return listPath == null ? "an element" : "an element of '" + listPath + "'";
  }
}
