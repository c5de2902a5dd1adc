package io.postflight.schema.serde;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * In-memory registry for tests: {@code schema.registry.url=mock://scope}, with one registry per
 * scope. A new version must be able to read the previous one, as with the default compatibility
 * BACKWARD.
 */
public final class InMemorySchemaRegistry implements SchemaRegistry {
  private static final Map<String, InMemorySchemaRegistry> SCOPES = new ConcurrentHashMap<>();

  private final Map<String, List<Registered>> subjects = new HashMap<>();
  private final Map<String, Registered> bySchema = new HashMap<>();
  private final List<Registered> all = new ArrayList<>();

  /** The registry of {@code mock://scope}. */
  public static InMemorySchemaRegistry shared(String scope) {
    return SCOPES.computeIfAbsent(scope, name -> new InMemorySchemaRegistry());
  }

  @Override
  public synchronized int register(String subject, Schema schema) {
    List<Registered> versions = subjects.computeIfAbsent(subject, name -> new ArrayList<>());
    Registered registered = registered(schema);
    if (!versions.contains(registered)) {
      if (!versions.isEmpty()) {
        requireBackward(subject, schema, versions.get(versions.size() - 1).schema());
      }
      versions.add(registered);
    }
    return registered.id();
  }

  @Override
  public synchronized OptionalInt idOf(String subject, Schema schema) {
    Registered registered = bySchema.get(schema.toString());
    return registered != null && subjects.getOrDefault(subject, List.of()).contains(registered)
        ? OptionalInt.of(registered.id())
        : OptionalInt.empty();
  }

  @Override
  public synchronized Optional<Registered> latest(String subject) {
    List<Registered> versions = subjects.getOrDefault(subject, List.of());
    return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(versions.size() - 1));
  }

  @Override
  public synchronized Optional<Schema> byId(int id) {
    return id < 1 || id > all.size() ? Optional.empty() : Optional.of(all.get(id - 1).schema());
  }

  private Registered registered(Schema schema) {
    return bySchema.computeIfAbsent(
        schema.toString(),
        text -> {
          Registered added = new Registered(all.size() + 1, schema);
          all.add(added);
          return added;
        });
  }

  private static void requireBackward(String subject, Schema reader, Schema writer) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (result.getType() != SchemaCompatibilityType.COMPATIBLE) {
      throw new SchemaRefusedException(
          "subject '%s' rejects %s: it cannot read the previous version: %s"
              .formatted(subject, reader.getFullName(), result.getResult().getIncompatibilities()));
    }
  }
}
