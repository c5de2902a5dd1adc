package io.postflight.devstack.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The registry's state: subjects with their versions, schemas by id, compatibility levels. Every
 * change is in the journal before it is visible. Thread-safe, by a single lock.
 */
final class RegisteredSubjects implements AutoCloseable {
  /** A version of a subject: its number, the global id and the schema. */
  record Version(String subject, int version, int id, String text, Schema schema) {}

  private static final String LATEST = "latest";

  private final JsonMapper json;
  private final Journal journal;
  private final Map<String, List<Version>> bySubject = new TreeMap<>();
  private final List<Schema> byId = new ArrayList<>();
  private final Map<String, Integer> idByText = new TreeMap<>();
  private final Map<String, CompatibilityLevel> levels = new TreeMap<>();
  private CompatibilityLevel defaultLevel = CompatibilityLevel.BACKWARD;

  RegisteredSubjects(Journal journal, JsonMapper json) throws IOException {
    this.journal = journal;
    this.json = json;
    for (JsonNode entry : journal.entries()) {
      replay(entry);
    }
  }

  /** Registers a schema; idempotent for one that the subject already has. */
  synchronized Version register(String subject, String text) throws RegistryException, IOException {
    Schema schema = parse(text);
    Version known = find(subject, schema);
    if (known != null) {
      return known;
    }
    List<String> objections = level(subject).objections(schema, schemasOf(subject));
    if (!objections.isEmpty()) {
      throw RegistryException.incompatible(objections.toString());
    }
    Integer id = idByText.get(schema.toString());
    Version added =
        new Version(
            subject,
            bySubject.getOrDefault(subject, List.of()).size() + 1,
            id == null ? byId.size() + 1 : id,
            schema.toString(),
            schema);
    ObjectNode entry = json.createObjectNode();
    entry.put("subject", subject).put("version", added.version());
    entry.put("id", added.id()).put("schema", added.text());
    journal.append(entry);
    add(added);
    return added;
  }

  /** The version of a subject with exactly this schema. */
  synchronized Version lookUp(String subject, String text) throws RegistryException {
    versionsOf(subject);
    Version known = find(subject, parse(text));
    if (known == null) {
      throw RegistryException.schemaNotFound();
    }
    return known;
  }

  synchronized List<String> names() {
    return List.copyOf(bySubject.keySet());
  }

  synchronized List<Version> versionsOf(String subject) throws RegistryException {
    List<Version> versions = bySubject.get(subject);
    if (versions == null) {
      throw RegistryException.subjectNotFound(subject);
    }
    return List.copyOf(versions);
  }

  /** A version by its number, or {@code latest}. */
  synchronized Version version(String subject, String number) throws RegistryException {
    List<Version> versions = versionsOf(subject);
    int wanted =
        LATEST.equals(number) || "-1".equals(number) ? versions.size() : versionNumber(number);
    if (wanted > versions.size()) {
      throw RegistryException.versionNotFound(number);
    }
    return versions.get(wanted - 1);
  }

  synchronized String schemaText(int id) throws RegistryException {
    if (id < 1 || id > byId.size()) {
      throw RegistryException.schemaNotFound();
    }
    return byId.get(id - 1).toString();
  }

  /** The subjects and versions that have a schema. */
  synchronized List<Version> usesOf(int id) throws RegistryException {
    schemaText(id);
    return bySubject.values().stream()
        .flatMap(List::stream)
        .filter(version -> version.id() == id)
        .toList();
  }

  /** Incompatibilities of a schema with one version, or with those required by the level. */
  synchronized List<String> objections(String subject, String number, String text)
      throws RegistryException {
    Schema schema = parse(text);
    if (LATEST.equals(number)) {
      return level(subject).objections(schema, schemasOf(subject));
    }
    return level(subject).objections(schema, List.of(version(subject, number).schema()));
  }

  /** Incompatibilities of a schema with the versions required by the level. */
  synchronized List<String> objections(String subject, String text) throws RegistryException {
    return level(subject).objections(parse(text), schemasOf(subject));
  }

  synchronized CompatibilityLevel defaultLevel() {
    return defaultLevel;
  }

  synchronized @Nullable CompatibilityLevel ownLevel(String subject) {
    return levels.get(subject);
  }

  synchronized void configure(@Nullable String subject, CompatibilityLevel level)
      throws IOException {
    ObjectNode entry = json.createObjectNode().put("compatibility", level.name());
    if (subject != null) {
      entry.put("subject", subject);
    }
    journal.append(entry);
    setLevel(subject, level);
  }

  @Override
  public synchronized void close() throws IOException {
    journal.close();
  }

  private void replay(JsonNode entry) throws IOException {
    try {
      JsonNode subject = entry.get("subject");
      if (entry.has("compatibility")) {
        setLevel(
            subject == null ? null : subject.asText(),
            CompatibilityLevel.parse(entry.get("compatibility").asText()));
        return;
      }
      String text = entry.required("schema").asText();
      add(
          new Version(
              entry.required("subject").asText(),
              entry.required("version").asInt(),
              entry.required("id").asInt(),
              text,
              parse(text)));
    } catch (RegistryException | IllegalArgumentException e) {
      throw new IOException("the registry's journal has an invalid entry: " + entry, e);
    }
  }

  private void add(Version version) {
    bySubject.computeIfAbsent(version.subject(), name -> new ArrayList<>()).add(version);
    if (version.id() > byId.size()) {
      byId.add(version.schema());
      idByText.put(version.text(), version.id());
    }
  }

  private void setLevel(@Nullable String subject, CompatibilityLevel level) {
    if (subject == null) {
      defaultLevel = level;
    } else {
      levels.put(subject, level);
    }
  }

  private CompatibilityLevel level(String subject) {
    return levels.getOrDefault(subject, defaultLevel);
  }

  private List<Schema> schemasOf(String subject) {
    return bySubject.getOrDefault(subject, List.of()).stream().map(Version::schema).toList();
  }

  private @Nullable Version find(String subject, Schema schema) {
    String text = schema.toString();
    for (Version version : bySubject.getOrDefault(subject, List.of())) {
      if (version.text().equals(text)) {
        return version;
      }
    }
    return null;
  }

  private static int versionNumber(String number) throws RegistryException {
    try {
      int parsed = Integer.parseInt(number);
      if (parsed >= 1) {
        return parsed;
      }
    } catch (NumberFormatException notANumber) {
      // Rejected below like a number out of range.
    }
    throw RegistryException.invalidVersion(number);
  }

  private static Schema parse(String text) throws RegistryException {
    try {
      return new Schema.Parser().parse(text);
    } catch (AvroRuntimeException e) {
      throw RegistryException.invalidSchema(String.valueOf(e.getMessage()));
    }
  }
}
