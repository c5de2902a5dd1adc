package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as its scalars by dotted path, such as {@code errors.0.code}; for entries whose
 * shape varies. Null and empty texts are left out.
 *
 * <p>What no adapter asks for is not kept: what is nested more than {@value #MAX_DEPTH} deep, paths
 * beyond {@value #MAX_PATH} characters, elements of an array from the {@value #MAX_ELEMENTS}th on,
 * and names that begin with a digit (some libraries write byte arrays so). The scalars kept are
 * counted over the body, so that reading stays linear in time and space.
 */
final class FlatObject {
  private static final int MAX_DEPTH = 12;
  private static final int MAX_PATH = 256;
  private static final int MAX_ELEMENTS = 16;

  private final Map<String, String> scalars;

  private FlatObject(Map<String, String> scalars) {
    this.scalars = scalars;
  }

  /** How many scalars the objects of one body may have together. */
  static final class Budget {
    private static final int MOST = 200_000;
    private int left = MOST;

    private void take() throws BodyTooLargeException {
      if (--left < 0) {
        throw new BodyTooLargeException("the body has more than " + MOST + " values");
      }
    }
  }

  /** Reads an object or array in its own way. */
  @FunctionalInterface
  interface Detour {
    /** Reads the value to its end, or leaves it and returns false. */
    boolean takes(String path, JsonToken token) throws IOException;
  }

  /** Reads the object that the parser stands at, up to its end. */
  static FlatObject read(JsonParser parser, Budget budget) throws IOException {
    return read(parser, budget, (path, token) -> false);
  }

  /** Reads the object that the parser stands at, up to its end, but for what the detour takes. */
  static FlatObject read(JsonParser parser, Budget budget, Detour detour) throws IOException {
    Map<String, String> scalars = new HashMap<>();
    new Reading(parser, budget, detour, scalars).object("", 1);
    return new FlatObject(scalars);
  }

  /** The scalar of this path as text; null if there is none or if it is empty. */
  @Nullable String get(String path) {
    return scalars.get(path);
  }

  /** The first of these that is there. */
  @Nullable String first(String... paths) {
    for (String path : paths) {
      String value = scalars.get(path);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Whether there is any scalar below this path. */
  boolean has(String path) {
    String prefix = path + '.';
    for (String name : scalars.keySet()) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private record Reading(
      JsonParser parser, Budget budget, Detour detour, Map<String, String> scalars) {

    void object(String prefix, int depth) throws IOException {
      String name;
      while ((name = parser.nextFieldName()) != null) {
        JsonToken token = parser.nextToken();
        boolean kept =
            prefix.length() + name.length() < MAX_PATH
                && !name.isEmpty()
                && !Character.isDigit(name.charAt(0));
        if (kept) {
          value(token, prefix.isEmpty() ? name : prefix + '.' + name, depth);
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
      } else if (detour.takes(path, token)) {
        return;
      } else if (depth == MAX_DEPTH) {
        parser.skipChildren();
      } else if (token == JsonToken.START_OBJECT) {
        object(path, depth + 1);
      } else {
        array(path, depth + 1);
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
      }
    }
  }
}
