package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
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
  private static final int MAX_DEPTH = 24;
  private static final int MAX_PATH = 512;
  private static final int MAX_ELEMENTS = 16;

  /** Precedes each path; empty for the whole object. */
  private final String prefix;

  private final Map<String, String> scalars;

  /** Paths of objects and arrays without scalars. */
  private final Set<String> empty;

  /** Paths of scalars that cannot be ids. */
  private final Set<String> invalidIds;

  /** An object without fields. */
  static final FlatObject EMPTY = new FlatObject("", Map.of(), Set.of(), Set.of());

  private FlatObject(
      String prefix, Map<String, String> scalars, Set<String> empty, Set<String> invalidIds) {
    this.prefix = prefix;
    this.scalars = scalars;
    this.empty = empty;
    this.invalidIds = invalidIds;
  }

  /** Limits the number of scalars and of empty objects and arrays of one body. */
  static final class Budget {
    private static final int MAX = 200_000;
    private static final int PATH_CHARS = 64;
    private int left = MAX;

    /** A value with a long path counts as several, so that all paths together are limited too. */
    private void take(String path) throws BodyTooLargeException {
      left -= 1 + path.length() / PATH_CHARS;
      if (left < 0) {
        throw new BodyTooLargeException(
            "the body has more than " + MAX + " values, or their paths are too long");
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
    return new FlatObject("", scalars, empty, invalidIds);
  }

  /** An object without fields, to which fields are added. */
  static FlatObject create() {
    return new FlatObject("", new HashMap<>(), new HashSet<>(), new HashSet<>());
  }

  /** Adds a field whose value is the parser's current one, and reads it to its end. */
  void add(String name, JsonParser parser, Budget budget) throws IOException {
    new ScalarReader(parser, budget, (path, token) -> false, scalars, empty, invalidIds)
        .value(parser.currentToken(), name, 1);
  }

  /** A view of the object at this path, whose paths start there. */
  FlatObject at(String path) {
    return new FlatObject(prefix + path + '.', scalars, empty, invalidIds);
  }

  /** Names of the fields that have a value other than null and the empty text, sorted. */
  SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>();
    addNames(scalars.keySet(), names);
    addNames(empty, names);
    return names;
  }

  private void addNames(Set<String> paths, Set<String> names) {
    for (String path : paths) {
      if (path.startsWith(prefix)) {
        int end = path.indexOf('.', prefix.length());
        names.add(path.substring(prefix.length(), end < 0 ? path.length() : end));
      }
    }
  }

  /** Names of the fields that are objects or arrays with a structure of this name, sorted. */
  SortedSet<String> namesWith(String child) {
    SortedSet<String> names = new TreeSet<>();
    String inside = '.' + child + '.';
    scalars.keySet().forEach(path -> addNameBefore(inside, path, names));
    empty.forEach(path -> addNameBefore(inside, path + '.', names));
    return names;
  }

  private void addNameBefore(String inside, String path, Set<String> names) {
    int end = path.startsWith(prefix) ? path.indexOf('.', prefix.length()) : -1;
    if (end >= 0 && path.startsWith(inside, end)) {
      names.add(path.substring(prefix.length(), end));
    }
  }

  /**
   * The scalar at this path as text; null if missing or empty. A whole number has its digits, in
   * whatever form it is written ({@link JsonBodies#scalar}).
   */
  @Nullable String get(String path) {
    return scalars.get(prefix + path);
  }

  /** The first of these that is present. */
  @Nullable String first(String... paths) {
    for (String path : paths) {
      String value = get(path);
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
      String value = get(path);
      if (value != null) {
        if (invalidIds.contains(prefix + path)) {
          JsonBodies.rejectId(draft, "'" + prefix + path + "'");
        }
        return value;
      }
    }
    return null;
  }

  /** The id at this path; null if it is missing or cannot be one. */
  @Nullable String validId(String path) {
    return invalidIds.contains(prefix + path) ? null : get(path);
  }

  /** Whether any scalar is present below this path. */
  boolean has(String path) {
    String inside = prefix + path + '.';
    for (String name : scalars.keySet()) {
      if (name.startsWith(inside)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an object or array is at this path, with or without scalars. */
  boolean isStructure(String path) {
    return empty.contains(prefix + path) || has(path);
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

    void value(JsonToken token, String path, int depth) throws IOException {
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
        budget.take(path);
        empty.add(path);
      }
    }

    private void scalar(JsonToken token, String path) throws IOException {
      if (token == JsonToken.VALUE_NULL) {
        return;
      }
      String text = JsonBodies.scalar(parser);
      if (!text.isEmpty()) {
        budget.take(path);
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
