package io.postflight.schema.serde;

import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;

/**
 * A registry of schemas: subjects hold versions of a schema, and every distinct schema has one id.
 *
 * <p>Every call may throw {@link RegistryUnavailableException}.
 */
public interface SchemaRegistry {
  /** A schema in the registry. */
  record Registered(int id, Schema schema) {}

  /**
   * Registers a schema under a subject; the same schema again has the same id.
   *
   * @throws SchemaRefusedException if the registry rejects it
   */
  int register(String subject, Schema schema);

  /** The id of a schema under a subject; empty if it has not been registered there. */
  OptionalInt idOf(String subject, Schema schema);

  /** The newest schema of a subject; empty if the subject is unknown. */
  Optional<Registered> latest(String subject);

  /** The schema with this id; empty if the id is unknown. */
  Optional<Schema> byId(int id);
}
