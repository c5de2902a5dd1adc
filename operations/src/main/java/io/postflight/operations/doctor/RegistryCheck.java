package io.postflight.operations.doctor;

import io.postflight.operations.OperationsSettings;
import io.postflight.operations.admin.RegistryClient;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.identity.IdentityRecord;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.SubjectNameStrategy;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaParseException;

/**
 * Can this version read the schemas of the topics, and does the registry accept its own schemas?
 */
final class RegistryCheck {
  private static final String CHECK = "registry";

  private final RegistryClient registry;
  private final OperationsSettings settings;

  RegistryCheck(RegistryClient registry, OperationsSettings settings) {
    this.registry = registry;
    this.settings = settings;
  }

  List<Finding> findings() {
    Set<String> present = registry.subjects();
    List<Finding> findings = new ArrayList<>();
    int checked = 0;
    for (Map.Entry<String, Schema> each : subjects(present).entrySet()) {
      if (present.contains(each.getKey())) {
        subject(each.getKey(), each.getValue(), findings);
        checked++;
      }
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              CHECK,
              settings.registry().url().toString(),
              checked + " subjects are compatible with this version"));
    }
    return findings;
  }

  private void subject(String subject, Schema ours, List<Finding> findings) {
    Optional<String> latest = registry.latest(subject);
    String unreadable = latest.map(text -> unreadable(ours, text)).orElse("");
    if (!unreadable.isEmpty()) {
      findings.add(
          Finding.fail(
              CHECK,
              subject,
              "its newest schema cannot be read by this version: " + unreadable,
              "run the version that wrote it, or a newer one"));
      return;
    }
    List<String> objections = registry.objections(subject, ours);
    if (!objections.isEmpty()) {
      findings.add(
          Finding.fail(
              CHECK,
              subject,
              "the registry would reject this version's schema: " + objections.get(0),
              "run a compatible version, or find out what else registers this subject"));
    } else if (registry.level(subject).equals("NONE")) {
      findings.add(
          Finding.warn(
              CHECK,
              subject,
              "compatibility level is NONE: incompatible schemas may be registered",
              "set the level of the subject, or of the registry, to BACKWARD"));
    }
  }

  private static String unreadable(Schema ours, String latest) {
    try {
      Schema theirs =
          new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(latest);
      SchemaCompatibility.SchemaPairCompatibility pair =
          SchemaCompatibility.checkReaderWriterCompatibility(ours, theirs);
      return pair.getType() == SchemaCompatibilityType.COMPATIBLE
          ? ""
          : pair.getResult().getIncompatibilities().stream()
              .map(SchemaCompatibility.Incompatibility::getMessage)
              .findFirst()
              .orElse("it is incompatible");
    } catch (SchemaParseException notAvro) {
      return "it is not an Avro schema";
    }
  }

  private Map<String, Schema> subjects(Set<String> present) {
    Topics topics = settings.kafka().topics();
    Map<String, Schema> subjects = new TreeMap<>();
    put(subjects, topics.events(), MessageEvent.getClassSchema());
    put(subjects, topics.postflight(), MessageRevision.getClassSchema());
    put(subjects, topics.tenants(), Tenant.getClassSchema());
    put(subjects, topics.erasures(), Erasure.getClassSchema());
    put(subjects, topics.lifecycleCommands(), LifecycleCommand.getClassSchema());
    put(subjects, topics.identity(), AliasLinks.getClassSchema());
    put(subjects, topics.identityLinks(), IdentityRecord.getClassSchema());
    put(subjects, topics.identityErasures(), Erasure.getClassSchema());
    settings
        .tierNames()
        .forEach(tier -> put(subjects, topics.store(tier), TierRecord.getClassSchema()));
    String lives = settings.roles().lifecycleId() + "-lifecycles-changelog";
    if (present.contains(subject(lives, LifecycleState.getClassSchema()))) {
      put(subjects, lives, LifecycleState.getClassSchema());
    }
    return subjects;
  }

  private static void put(Map<String, Schema> subjects, String topic, Schema schema) {
    subjects.put(subject(topic, schema), schema);
  }

  private static String subject(String topic, Schema schema) {
    return SubjectNameStrategy.TOPIC_NAME.subject(topic, false, schema);
  }
}
