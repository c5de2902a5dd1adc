package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as a map of its scalars by dotted path, such as {@code errors.0.code}; for entries
 * whose structure varies. Null and empty texts are omitted.
 *
 * <p>Parts that no adapter needs are skipped: values nested deeper than {@value #MAX_DEPTH}, paths
 * longer than {@value #MAX_PATH} characters, elements of an array after the first {@value
 * #MAX_ELEMENTS}, and names that start with a digit (some libraries serialize byte arrays this
 * way). The number of scalars is limited per body, so that parsing is linear in time and space.
 */
final class FlatObject {
  private static final int MAX_DEPTH = 12;
  private static final int MAX_PATH = 256;
  private static final int MAX_ELEMENTS = 16;

  private final Map<String, String> scalars;

  /** Paths of objects and arrays without scalars. */
  private final Set<String> empty;

  /** Paths of scalars that cannot be ids. */
  private final Set<String> invalidIds;

  private FlatObject(Map<String, String> scalars, Set<String> empty, Set<String> invalidIds) {
    this.scalars = scalars;
    this.empty = empty;
    this.invalidIds = invalidIds;
  }

  /** Limits the number of scalars and of empty objects and arrays of one body. */
  static final class Budget {
    private static final int MAX = 200_000;
    private int left = MAX;

    private void take() throws BodyTooLargeException {
      if (--left < 0) {
        throw new BodyTooLargeException("the body has more than " + MAX + " values");
      }
    }
  }

  /** Custom parsing of an object or array. */
  @FunctionalInterface
  interface ValueReader {
    /** Reads the value to its end, or returns false without reading. */
    boolean reads(String path, JsonToken token) throws IOException;

    /** Called with each field in its order, before its value is read or skipped. */
    default void found(String path, JsonToken token) throws IOException {}
  }

  /** Reads the parser's current object, up to its end. */
  static FlatObject read(JsonParser parser, Budget budget) throws IOException {
    return read(parser, budget, (path, token) -> false);
  }

  /** Reads the parser's current object, up to its end, except for values read by {@code reader}. */
  static FlatObject read(JsonParser parser, Budget budget, ValueReader reader) throws IOException {
    Map<String, String> scalars = new HashMap<>();
    Set<String> empty = new HashSet<>();
    Set<String> invalidIds = new HashSet<>();
    new ScalarReader(parser, budget, reader, scalars, empty, invalidIds).object("", 1);
    return new FlatObject(scalars, empty, invalidIds);
  }

  /** The scalar at this path as text; null if missing or empty. */
  @Nullable String get(String path) {
    return scalars.get(path);
  }

  /** The first of these that is present. */
  @Nullable String first(String... paths) {
    for (String path : paths) {
      String value = scalars.get(path);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /**
   * The first of these ids that is present; a number that is not whole, and a boolean, reject the
   * entry.
   */
  @Nullable String id(EventDraft draft, String... paths) {
    for (String path : paths) {
      String value = scalars.get(path);
      if (value != null) {
        if (invalidIds.contains(path)) {
          JsonBodies.rejectId(draft, path);
        }
        return value;
      }
    }
    return null;
  }

  /** Whether any scalar is present below this path. */
  boolean has(String path) {
    String prefix = path + '.';
    for (String name : scalars.keySet()) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an object or array is at this path, with or without scalars. */
  boolean isStructure(String path) {
    return empty.contains(path) || has(path);
  }

  private record ScalarReader(
      JsonParser parser,
      Budget budget,
      ValueReader reader,
      Map<String, String> scalars,
      Set<String> empty,
      Set<String> invalidIds) {

    void object(String prefix, int depth) throws IOException {
      String name;
      while ((name = parser.nextFieldName()) != null) {
        JsonToken token = parser.nextToken();
        String path = prefix.isEmpty() ? name : prefix + '.' + name;
        reader.found(path, token);
        if (path.length() <= MAX_PATH && !name.isEmpty() && !Character.isDigit(name.charAt(0))) {
          value(token, path, depth);
        } else {
          parser.skipChildren();
        }
      }
    }

    private void array(String prefix, int depth) throws IOException {
      int index = 0;
      JsonToken token;
      while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
        if (index < MAX_ELEMENTS) {
          value(token, prefix + '.' + index, depth);
        } else {
          parser.skipChildren();
        }
        index++;
      }
    }

    private void value(JsonToken token, String path, int depth) throws IOException {
      if (token.isScalarValue()) {
        scalar(token, path);
      } else if (reader.reads(path, token)) {
        return;
      } else {
        structure(token, path, depth);
      }
    }

    private void structure(JsonToken token, String path, int depth) throws IOException {
      int before = scalars.size();
      if (depth == MAX_DEPTH) {
        parser.skipChildren();
      } else if (token == JsonToken.START_OBJECT) {
        object(path, depth + 1);
      } else {
        array(path, depth + 1);
      }
      if (scalars.size() == before) {
        budget.take();
        empty.add(path);
      }
    }

    private void scalar(JsonToken token, String path) throws IOException {
      if (token == JsonToken.VALUE_NULL) {
        return;
      }
      String text = parser.getText();
      if (!text.isEmpty()) {
        budget.take();
        scalars.put(path, text);
        if (JsonBodies.isInvalidId(parser)) {
          invalidIds.add(path);
        } else {
          invalidIds.remove(path);
        }
      }
    }
  }
}
