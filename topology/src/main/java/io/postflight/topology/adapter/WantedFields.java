package io.postflight.topology.adapter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object that an adapter reads, compiled into a tree of names: all others are
 * skipped without being copied, so that an entry costs what is read of it.
 *
 * <p>A path is dotted, such as {@code error.title}; a number in it is an index into an array, such
 * as {@code errors.0.code}. A list is an array all of whose elements are read. Space is linear in
 * the number of wanted fields, and the elements of lists are limited per object.
 */
final class WantedFields {
  /** Elements of all lists of one object. */
  static final int MAX_ELEMENTS = 20_000;

  private static final int MAX_INDEX = 16;
  private static final String[] INDICES = new String[MAX_INDEX];

  static {
    for (int i = 0; i < MAX_INDEX; i++) {
      INDICES[i] = Integer.toString(i);
    }
  }

  private final Node root = new Node();
  private final Map<String, Integer> slots = new HashMap<>();

  private WantedFields() {}

  /** These fields; {@link FieldValues#SCALAR} is a value that is no object itself. */
  static WantedFields of(String... paths) {
    WantedFields fields = new WantedFields();
    for (String path : paths) {
      fields.node(path).slot = fields.slot(path);
    }
    return fields;
  }

  /** The same fields, and a list of elements with fields of their own. */
  WantedFields list(String path, WantedFields elements) {
    Node node = node(path);
    node.slot = slot(path);
    node.elements = elements;
    node.path = path;
    return this;
  }

  private int slot(String path) {
    return slots.computeIfAbsent(path, added -> slots.size());
  }

  private Node node(String path) {
    Node node = root;
    if (path.equals(FieldValues.SCALAR)) {
      return node;
    }
    for (String name : path.split("\\.", -1)) {
      node = node.child(name);
    }
    return node;
  }

  /** Where the values of a path are; an unknown path is a defect of the adapter. */
  int slotOf(String path) {
    Integer slot = slots.get(path);
    if (slot == null) {
      throw new IllegalArgumentException("'" + path + "' is not among the wanted fields");
    }
    return slot;
  }

  int count() {
    return slots.size();
  }

  /**
   * Reads the parser's current value, up to its end.
   *
   * @throws BodyTooLargeException if its lists have more than {@value #MAX_ELEMENTS} elements
   */
  FieldValues read(JsonParser parser) throws IOException {
    return read(parser, new Budget());
  }

  private FieldValues read(JsonParser parser, Budget budget) throws IOException {
    FieldValues values = new FieldValues(this);
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      values.markObject();
    }
    new Reader(parser, values, budget).value(parser.currentToken(), root);
    return values;
  }

  private static final class Node {
    private @Nullable Map<String, Node> children;
    private @Nullable WantedFields elements;
    private String path = "";
    private int slot = -1;

    Node child(String name) {
      if (children == null) {
        children = new HashMap<>();
      }
      return children.computeIfAbsent(name, added -> new Node());
    }

    @Nullable Node find(String name) {
      return children == null ? null : children.get(name);
    }
  }

  private static final class Budget {
    private int left = MAX_ELEMENTS;

    void take() throws BodyTooLargeException {
      if (--left < 0) {
        throw new BodyTooLargeException(
            "lists of an entry have more than " + MAX_ELEMENTS + " elements");
      }
    }
  }

  private record Reader(JsonParser parser, FieldValues values, Budget budget) {
    void value(JsonToken token, Node node) throws IOException {
      if (token.isScalarValue()) {
        if (node.slot >= 0) {
          values.scalar(node.slot, parser, token);
        }
        return;
      }
      if (node.slot >= 0) {
        values.structure(node.slot);
      }
      if (token == JsonToken.START_ARRAY) {
        array(node);
      } else if (object(node) && node.slot >= 0) {
        values.emptyObject(node.slot);
      }
    }

    /** Whether the object has no fields. */
    private boolean object(Node node) throws IOException {
      boolean empty = true;
      String name;
      while ((name = parser.nextFieldName()) != null) {
        empty = false;
        JsonToken token = parser.nextToken();
        Node child = node.find(name);
        if (child == null) {
          parser.skipChildren();
        } else {
          value(token, child);
        }
      }
      return empty;
    }

    private void array(Node node) throws IOException {
      int index = 0;
      JsonToken token;
      while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
        if (node.elements != null) {
          budget.take();
          values.element(node.slot, node.path, node.elements.read(parser, budget));
        } else {
          Node child = index < MAX_INDEX ? node.find(INDICES[index]) : null;
          if (child == null) {
            parser.skipChildren();
          } else {
            value(token, child);
          }
        }
        index++;
      }
    }
  }
}
