package io.postflight.schema.settings;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies of records with some components changed; for the {@code with...} methods of records that
 * have many.
 */
public final class RecordCopy {
  private RecordCopy() {}

  /** A copy with one component changed. */
  public static <R extends Record> R with(R record, String component, Object value) {
    return with(record, Map.of(component, value));
  }

  /**
   * A copy with some components changed.
   *
   * @param changes values by component
   * @throws IllegalArgumentException if there is no such component, or the copy is invalid
   */
  public static <R extends Record> R with(
      R record, Map<String, ? extends @Nullable Object> changes) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    @Nullable Object[] values = new Object[components.length];
    Set<String> unknown = new HashSet<>(changes.keySet());
    try {
      for (int i = 0; i < components.length; i++) {
        String name = components[i].getName();
        components[i].getAccessor().setAccessible(true);
        values[i] =
            unknown.remove(name) ? changes.get(name) : components[i].getAccessor().invoke(record);
      }
      if (!unknown.isEmpty()) {
        throw new IllegalArgumentException(record.getClass() + " has no component " + unknown);
      }
      return construct(record, components, values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException invalid) {
        throw invalid;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <R extends Record> R construct(
      R record, RecordComponent[] components, @Nullable Object[] values)
      throws ReflectiveOperationException {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Constructor<R> constructor = (Constructor<R>) record.getClass().getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }
}
