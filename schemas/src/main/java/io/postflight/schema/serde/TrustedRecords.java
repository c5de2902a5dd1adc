package io.postflight.schema.serde;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.identity.IdentityRecord;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.tenant.Tenant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * The generated records that Avro may instantiate. Since 1.12 Avro rejects classes that are not
 * trusted, so that a foreign schema cannot cause arbitrary classes to be loaded. Classes that were
 * trusted before remain trusted.
 *
 * <p>These records also write themselves, without a lookup for each field. Avro keeps that choice
 * per class, for all writers of the process, so it is made here, before the first of them exists.
 */
public final class TrustedRecords {
  /** The types of values in topics and state stores. */
  public static final List<Schema> ROOTS =
      List.of(
          MessageEvent.getClassSchema(),
          MessageRevision.getClassSchema(),
          TimelineEntry.getClassSchema(),
          TierRecord.getClassSchema(),
          LifecycleState.getClassSchema(),
          Tenant.getClassSchema(),
          Erasure.getClassSchema(),
          LifecycleCommand.getClassSchema(),
          AliasLinks.getClassSchema(),
          IdentityRecord.getClassSchema());

  static {
    Set<String> names = new HashSet<>();
    ROOTS.forEach(root -> collect(root, names));
    ClassSecurityValidator.Builder ours = ClassSecurityValidator.builder();
    names.forEach(ours::add);
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(), ours.build()));
    // Avro reads with its fast reader, which is faster than the generated code (SerdeBenchmark).
    ROOTS.forEach(root -> SpecificData.getForSchema(root).setCustomCoders(true));
  }

  private TrustedRecords() {}

  /** Has Avro trust the generated records; idempotent. */
  public static void trust() {
    // Done by the static initializer.
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
