package io.postflight.schema.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A setting, or a section of settings, as declared by the component of a record.
 *
 * @param key the key, with its sections; {@code *} is the name of an element of a list of records
 * @param setting what the annotation declares
 * @param allowed what is allowed, human-readable; empty for a section
 * @param open whether the keys below this one are free
 */
public record SettingDefinition(String key, Setting setting, String allowed, boolean open) {

  /** All settings of a record and its sections, in the order of their declaration. */
  public static List<SettingDefinition> of(Class<? extends Record> type) {
    List<SettingDefinition> definitions = new ArrayList<>();
    collect("", type, definitions);
    return definitions;
  }

  /** Whether it is a section. */
  public boolean isSection() {
    return allowed.isEmpty();
  }

  /** The default, as it would be written in a file; null: none. */
  public @Nullable String defaultValue() {
    return setting.defaultValue().equals(Setting.UNSET) ? null : setting.defaultValue();
  }

  /**
   * Requires that the components of a record are within the bounds that are declared for them; for
   * compact constructors.
   *
   * @param values all components, in order
   * @throws IllegalArgumentException if one is not; the message contains what is allowed
   */
  public static void require(Class<? extends Record> type, @Nullable Object... values) {
    RecordComponent[] components = type.getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      Setting setting = components[i].getAnnotation(Setting.class);
      if (setting == null || isSection(components[i].getType())) {
        continue;
      }
      SettingType bounds = SettingType.of(setting, components[i]);
      try {
        bounds.require(values[i]);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s = '%s' is not allowed: it must be %s"
                .formatted(components[i].getName(), bounds.printed(values[i]), bounds.allowed()),
            e);
      }
    }
  }

  private static void collect(String prefix, Class<?> type, Collection<SettingDefinition> into) {
    for (RecordComponent component : type.getRecordComponents()) {
      JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
      boolean unwrapped = component.getAccessor().isAnnotationPresent(JsonUnwrapped.class);
      String key = prefix + (renamed == null ? component.getName() : renamed.value());
      Class<?> section = section(component);
      Setting setting = component.getAnnotation(Setting.class);
      if (section == null && setting != null) {
        SettingType bounds = SettingType.of(setting, component);
        into.add(new SettingDefinition(key, setting, bounds.allowed(), bounds.isMap()));
      } else if (section != null && unwrapped) {
        collect(prefix, section, into);
      } else if (section != null) {
        String name = section == component.getType() ? key : key + ".*";
        if (setting != null) {
          into.add(new SettingDefinition(name, setting, "", false));
        }
        collect(name + '.', section, into);
      }
    }
  }

  /** The record that a component is, or a list of. */
  private static @Nullable Class<?> section(RecordComponent component) {
    if (component.getGenericType() instanceof ParameterizedType list
        && list.getActualTypeArguments()[0] instanceof Class<?> element) {
      return isSection(element) && list.getRawType() == List.class ? element : null;
    }
    return isSection(component.getType()) ? component.getType() : null;
  }

  /** Whether a type is a record of settings; other records are values. */
  static boolean isSection(Class<?> type) {
    return type.isRecord()
        && Arrays.stream(type.getRecordComponents())
            .anyMatch(
                component ->
                    component.isAnnotationPresent(Setting.class)
                        || component.getAccessor().isAnnotationPresent(JsonUnwrapped.class));
  }
}
