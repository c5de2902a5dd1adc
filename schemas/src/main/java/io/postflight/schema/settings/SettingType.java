package io.postflight.schema.settings;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the value of one setting may be, by the type of its component and the bounds of its
 * annotation. Elements of a list and the content of an Optional are checked one by one.
 */
final class SettingType {
  private static final ObjectMapper MAPPER = new JsonMapper();
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,18}");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([kmg]ib|b)");

  private final Setting setting;
  private final JavaType declared;
  private final JavaType element;

  SettingType(Setting setting, JavaType declared) {
    this.setting = setting;
    this.declared = declared;
    this.element = isList() || isOptional() ? declared.getBindings().getBoundType(0) : declared;
  }

  /** The type of a record's component. */
  static SettingType of(Setting setting, RecordComponent component) {
    return new SettingType(
        setting, MAPPER.getTypeFactory().constructType(component.getGenericType()));
  }

  /** Whether the keys below this one are free. */
  boolean isMap() {
    return declared.isMapLikeType();
  }

  /** What is allowed, human-readable. */
  String allowed() {
    String value = isList() ? "a list, each " + allowedElement() : allowedElement();
    if (setting.none().equals(Setting.UNSET)) {
      return value;
    }
    return value + "; or " + (setting.none().isEmpty() ? "empty" : setting.none());
  }

  private String allowedElement() {
    String range = " from " + setting.min() + " to " + setting.max();
    if (!setting.allowed().isEmpty()) {
      return setting.allowed();
    } else if (setting.oneOf().length > 0) {
      return "one of " + String.join(", ", setting.oneOf());
    } else if (is(Duration.class)) {
      return "a time span" + range + ", with its unit: ms, s, m, h, d";
    } else if (isSize()) {
      return "a size" + range + ", with its unit: B, KiB, MiB, GiB";
    } else if (isNumber()) {
      return "a whole number" + range;
    } else if (is(boolean.class)) {
      return "true or false";
    }
    return "an address such as https://postflight.example.com";
  }

  /**
   * The value of the component.
   *
   * @param raw a scalar, a list or a map, as in a file; or text
   * @throws IllegalArgumentException if it is not allowed
   * @throws ArithmeticException if it is too large
   */
  @Nullable Object parse(Object raw) {
    if (isMap()) {
      Map<String, String> flat = new LinkedHashMap<>();
      flatten("", raw, flat);
      return flat;
    }
    @Nullable Object value = isNone(raw) ? none() : isList() ? elements(raw) : element(raw);
    @Nullable Object result = isOptional() ? Optional.ofNullable(value) : value;
    require(result);
    return result;
  }

  /** A value as messages contain it. */
  String printed(@Nullable Object value) {
    return setting.secret() ? "***" : String.valueOf(value);
  }

  private boolean isNone(Object raw) {
    String text = raw instanceof List<?> list && list.isEmpty() ? "" : raw.toString().strip();
    return text.equals(setting.none());
  }

  private @Nullable Object none() {
    return isList() ? List.of() : null;
  }

  private List<Object> elements(Object raw) {
    List<Object> values = new ArrayList<>();
    for (Object each : raw instanceof List<?> list ? list : List.of(raw.toString().split(","))) {
      if (!each.toString().isBlank()) {
        values.add(element(each));
      }
    }
    return List.copyOf(values);
  }

  private Object element(Object raw) {
    if (raw instanceof Collection || raw instanceof Map) {
      throw new IllegalArgumentException("not a single value");
    }
    String text = setting.secret() ? raw.toString() : raw.toString().strip();
    if (is(String.class)) {
      return List.of(setting.oneOf()).stream()
          .filter(text::equalsIgnoreCase)
          .findFirst()
          .orElse(text);
    } else if (is(Duration.class)) {
      return Durations.parse(text);
    } else if (isNumber()) {
      check(isSize() || WHOLE_NUMBER.matcher(text).matches());
      return MAPPER.convertValue(isSize() ? bytes(text) : text, element);
    }
    check(matchesPattern(text) && (!is(boolean.class) || text.matches("true|false")));
    return is(Path.class) ? Path.of(text) : MAPPER.convertValue(text, element);
  }

  /**
   * Requires that a value of the component's type is within the bounds.
   *
   * @throws IllegalArgumentException if it is not
   */
  void require(@Nullable Object value) {
    if (value instanceof Optional<?> optional) {
      require(optional.orElse(null));
    } else if (value instanceof Collection<?> list && !list.isEmpty()) {
      list.forEach(this::require);
    } else if (value instanceof Duration duration) {
      check(setting.min().isEmpty() || duration.compareTo(Durations.parse(setting.min())) >= 0);
      check(setting.max().isEmpty() || duration.compareTo(Durations.parse(setting.max())) <= 0);
    } else if (value instanceof Number number) {
      check(setting.min().isEmpty() || number.longValue() >= bound(setting.min()));
      check(setting.max().isEmpty() || number.longValue() <= bound(setting.max()));
    } else if (value instanceof String text) {
      check(setting.oneOf().length == 0 || List.of(setting.oneOf()).contains(text));
      check(matchesPattern(text));
    } else if (value instanceof URI uri) {
      check(uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?"));
    } else {
      boolean given = value != null && !(value instanceof Collection);
      check(given || !setting.none().equals(Setting.UNSET));
    }
  }

  private boolean matchesPattern(String text) {
    return setting.pattern().isEmpty() || text.matches(setting.pattern());
  }

  private long bound(String text) {
    return isSize() ? bytes(text) : Long.parseLong(text);
  }

  private static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    check(matcher.matches());
    int power = "bkmg".indexOf(matcher.group(2).charAt(0));
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
  }

  private boolean isList() {
    return declared.isCollectionLikeType();
  }

  private boolean isOptional() {
    return declared.hasRawClass(Optional.class);
  }

  private boolean isNumber() {
    return is(int.class) || is(long.class) || is(Integer.class);
  }

  private boolean isSize() {
    return isNumber() && setting.max().endsWith("B");
  }

  private boolean is(Class<?> type) {
    return element.hasRawClass(type);
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("not allowed");
    }
  }

  private static void flatten(String prefix, @Nullable Object raw, Map<String, String> into) {
    if (raw instanceof Map<?, ?> map) {
      map.forEach(
          (name, value) ->
              flatten(prefix.isEmpty() ? "" + name : prefix + '.' + name, value, into));
    } else if (raw != null) {
      into.put(prefix, raw.toString());
    }
  }
}
