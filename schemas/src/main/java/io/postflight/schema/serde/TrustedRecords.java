package io.postflight.schema.serde;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.tenant.Tenant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * The generated records that Avro may instantiate. Since 1.12 Avro refuses every class that has not
 * been named, so that a schema from elsewhere cannot have arbitrary classes loaded; we name ours,
 * one by one, and keep what was allowed before.
 */
public final class TrustedRecords {
  /** The records that stand at the top of a topic's or a store's value. */
  public static final List<Schema> ROOTS =
      List.of(
          MessageEvent.getClassSchema(),
          MessageRevision.getClassSchema(),
          TimelineEntry.getClassSchema(),
          TierRecord.getClassSchema(),
          LifecycleState.getClassSchema(),
          Tenant.getClassSchema(),
          Erasure.getClassSchema(),
          LifecycleCommand.getClassSchema());

  static {
    Set<String> names = new HashSet<>();
    ROOTS.forEach(root -> collect(root, names));
    ClassSecurityValidator.Builder ours = ClassSecurityValidator.builder();
    names.forEach(ours::add);
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(), ours.build()));
  }

  private TrustedRecords() {}

  /** Has Avro trust our records from here on; doing so again changes nothing. */
  public static void trust() {
    // What is to be done is done once, when this class is initialized.
  }

  private static void collect(Schema schema, Set<String> names) {
    switch (schema.getType()) {
      case RECORD -> {
        if (names.add(schema.getFullName())) {
          schema.getFields().forEach(field -> collect(field.schema(), names));
        }
      }
      case ENUM, FIXED -> names.add(schema.getFullName());
      case ARRAY -> collect(schema.getElementType(), names);
      case MAP -> collect(schema.getValueType(), names);
      case UNION -> schema.getTypes().forEach(type -> collect(type, names));
      default -> {
        // Avro's own types.
      }
    }
  }
}
