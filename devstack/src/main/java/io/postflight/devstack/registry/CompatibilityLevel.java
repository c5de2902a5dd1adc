package io.postflight.devstack.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** Compatibility of a new schema of a subject with the earlier ones. */
enum CompatibilityLevel {
  NONE(false, false, false),
  BACKWARD(true, false, false),
  BACKWARD_TRANSITIVE(true, false, true),
  FORWARD(false, true, false),
  FORWARD_TRANSITIVE(false, true, true),
  FULL(true, true, false),
  FULL_TRANSITIVE(true, true, true);

  private final boolean readsEarlier;
  private final boolean isReadByEarlier;
  private final boolean transitive;

  CompatibilityLevel(boolean readsEarlier, boolean isReadByEarlier, boolean transitive) {
    this.readsEarlier = readsEarlier;
    this.isReadByEarlier = isReadByEarlier;
    this.transitive = transitive;
  }

  static CompatibilityLevel parse(String name) throws RegistryException {
    try {
      return valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw RegistryException.invalidCompatibility(name);
    }
  }

  /**
   * The incompatibilities of the new schema; empty if it is compatible.
   *
   * @param earlier the subject's schemas, oldest first
   */
  List<String> objections(Schema candidate, List<Schema> earlier) {
    List<Schema> compared =
        transitive || earlier.isEmpty()
            ? earlier
            : earlier.subList(earlier.size() - 1, earlier.size());
    List<String> objections = new ArrayList<>();
    for (Schema old : compared) {
      if (readsEarlier) {
        addObjections(candidate, old, objections);
      }
      if (isReadByEarlier) {
        addObjections(old, candidate, objections);
      }
    }
    return objections;
  }

  private static void addObjections(Schema reader, Schema writer, List<String> objections) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
    if (result.getCompatibility() != SchemaCompatibilityType.COMPATIBLE) {
      result
          .getIncompatibilities()
          .forEach(
              found ->
                  objections.add(
                      found.getType() + " at " + found.getLocation() + ": " + found.getMessage()));
    }
  }
}
