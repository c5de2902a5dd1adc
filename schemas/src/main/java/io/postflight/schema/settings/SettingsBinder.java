package io.postflight.schema.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Binds settings to records with Jackson. A component with {@link Setting} is read as its
 * annotation declares; every other one as Jackson reads it.
 */
public final class SettingsBinder {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().annotationIntrospector(new Introspector()).build();

  private SettingsBinder() {}

  /**
   * Binds settings.
   *
   * @param settings raw values by key; the elements of a list of records are maps
   * @throws SettingException if a value is not allowed, a key unknown or a record invalid
   */
  public static <R extends Record> R bind(Class<R> type, Map<String, ?> settings) {
    Map<String, Object> tree = new LinkedHashMap<>();
    settings.forEach((key, value) -> put(tree, key, value));
    try {
      return MAPPER.readerFor(type).readValue(MAPPER.<JsonNode>valueToTree(tree));
    } catch (InvalidFormatException e) {
      throw SettingException.value(path(e), String.valueOf(e.getValue()), e.getOriginalMessage());
    } catch (JsonMappingException e) {
      throw SettingException.record(path(e), reason(e));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A record with its defaults. */
  public static <R extends Record> R defaults(Class<R> type) {
    return with(type, Map.of());
  }

  /**
   * A record with its defaults, except for some settings.
   *
   * @param settings by key, such as {@code batch.rows}, as they would be written in a file
   * @throws SettingException if a value is not allowed, a key unknown or a record invalid
   */
  public static <R extends Record> R with(Class<R> type, Map<String, String> settings) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (SettingDefinition definition : SettingDefinition.of(type)) {
      String value = definition.defaultValue();
      if (value != null) {
        all.put(definition.key(), definition.open() ? Map.of() : value);
      }
    }
    all.putAll(settings);
    return bind(type, all);
  }

  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> tree, String key, Object value) {
    int dot = key.indexOf('.');
    if (dot < 0) {
      tree.put(key, value);
    } else {
      Object section = tree.computeIfAbsent(key.substring(0, dot), name -> new LinkedHashMap<>());
      put((Map<String, Object>) section, key.substring(dot + 1), value);
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(each -> each.getFieldName() == null ? "" + each.getIndex() : each.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static String reason(JsonMappingException e) {
    return e.getCause() == null
        ? e.getOriginalMessage()
        : String.valueOf(e.getCause().getMessage());
  }

  /** Reads settings as their annotation declares. */
  private static final class Introspector extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Object findDeserializer(Annotated annotated) {
      return annotated.hasAnnotation(Setting.class) && !isSection(annotated.getType())
          ? SettingDeserializer.class
          : super.findDeserializer(annotated);
    }

    private static boolean isSection(JavaType type) {
      JavaType element = type.isCollectionLikeType() ? type.getContentType() : type;
      return SettingDefinition.isSection(element.getRawClass());
    }
  }

  /** Reads the value of one setting. */
  private static final class SettingDeserializer extends JsonDeserializer<Object>
      implements ContextualDeserializer {
    private final @Nullable SettingType type;

    @SuppressWarnings("unused") // Jackson constructs it
    SettingDeserializer() {
      this(null);
    }

    SettingDeserializer(@Nullable SettingType type) {
      this.type = type;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, BeanProperty property) {
      return new SettingDeserializer(
          new SettingType(property.getAnnotation(Setting.class), property.getType()));
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      SettingType expected = Objects.requireNonNull(type);
      Object raw = context.readValue(parser, Object.class);
      try {
        return expected.parse(raw);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw InvalidFormatException.from(
            parser, "it must be " + expected.allowed(), expected.printed(raw), Object.class);
      }
    }
  }
}
