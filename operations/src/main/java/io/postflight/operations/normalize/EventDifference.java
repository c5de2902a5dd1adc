package io.postflight.operations.normalize;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.schema.event.EventJson;
import io.postflight.schema.event.MessageEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An event that the present adapters make of a webhook in another way. The reference to the webhook
 * is not compared: an entry that was redriven has another one.
 *
 * @param then the event that exists; null: there is none
 * @param now the event that the present adapters make; null: they make none
 */
public record EventDifference(@Nullable MessageEvent then, @Nullable MessageEvent now) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Kinds of differences. */
  public enum DifferenceKind {
    /** The event did not exist. */
    NEW,
    /** The present adapters do not make the event. */
    GONE,
    /** The event has other fields. */
    CHANGED
  }

  /**
   * A field that differs.
   *
   * @param field its name in JSON, such as {@code attributes.fileName}
   * @param then its value in the event that exists; null: none
   * @param now its value in the event that the present adapters make; null: none
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record FieldChange(String field, @Nullable JsonNode then, @Nullable JsonNode now) {}

  /** The kind. */
  public DifferenceKind kind() {
    return then == null
        ? DifferenceKind.NEW
        : now == null ? DifferenceKind.GONE : DifferenceKind.CHANGED;
  }

  /** The event of the present adapters, or if there is none the one that exists. */
  public MessageEvent event() {
    return Objects.requireNonNull(now == null ? then : now);
  }

  /** The fields that differ, by name; empty unless both events exist. */
  public List<FieldChange> changes() {
    if (then == null || now == null) {
      return List.of();
    }
    Map<String, JsonNode> before = fields(then);
    Map<String, JsonNode> after = fields(now);
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    List<FieldChange> changes = new ArrayList<>();
    for (String name : names) {
      FieldChange change = new FieldChange(name, before.get(name), after.get(name));
      if (!Objects.equals(change.then(), change.now())) {
        changes.add(change);
      }
    }
    return changes;
  }

  /** The event as JSON. */
  static JsonNode json(MessageEvent event) {
    try {
      return MAPPER.readTree(EventJson.event(event));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("an event has no valid JSON", impossible);
    }
  }

  /** The fields of an event, those of error, price and attributes each for itself. */
  private static Map<String, JsonNode> fields(MessageEvent event) {
    Map<String, JsonNode> fields = new TreeMap<>();
    json(event)
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isObject()) {
                field
                    .getValue()
                    .properties()
                    .forEach(
                        part -> fields.put(field.getKey() + '.' + part.getKey(), part.getValue()));
              } else {
                fields.put(field.getKey(), field.getValue());
              }
            });
    return fields;
  }
}
