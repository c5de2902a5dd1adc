package io.postflight.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.Setting;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A record of settings with a value out of bounds cannot be built in code either. */
class SelfValidatingRecordsTest {
  private final List<String> checked = new ArrayList<>();

  @Test
  void every_record_refuses_what_the_configuration_refuses() throws Exception {
    assertSelfValidating(new SettingsLoader(Map.of()).load(null, List.of()));

    assertThat(checked)
        .contains("HttpLimits.maxHeader", "Retry.maxBackoff", "ClusterSettings.keyspace")
        .hasSizeGreaterThan(60);
  }

  private void assertSelfValidating(Record record) throws ReflectiveOperationException {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = component.getAccessor().invoke(record);
      Optional<Object> bad = outOfBounds(component);
      if (value instanceof Record section) {
        assertSelfValidating(section);
      } else if (value instanceof List<?> list) {
        for (Object element : list) {
          if (element instanceof Record section) {
            assertSelfValidating(section);
          }
        }
      } else if (bad.isPresent()) {
        String name = record.getClass().getSimpleName() + '.' + component.getName();
        assertThatThrownBy(() -> RecordCopy.with(record, component.getName(), bad.get()))
            .as(name)
            .isInstanceOf(IllegalArgumentException.class);
        checked.add(name);
      }
    }
  }

  private static Optional<Object> outOfBounds(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      return Optional.empty();
    }
    boolean anyText = setting.pattern().isEmpty() && setting.oneOf().length == 0;
    return switch (component.getType().getSimpleName()) {
      case "int" -> Optional.of(Integer.MAX_VALUE);
      case "long" -> Optional.of(Long.MAX_VALUE);
      case "Duration" -> Optional.of(Duration.ofDays(100_000));
      case "String" -> anyText ? Optional.empty() : Optional.of("\n");
      default -> Optional.empty();
    };
  }
}
