package io.postflight.api.erasure;

import io.postflight.api.http.JsonBody;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.identity.AliasGroup;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of a command for its caller: with the commands that extend it to other ids of a person.
 *
 * @param command the command
 * @param aliases all ids of the person that are erased, sorted; empty if there is one
 * @param rows number of rows erased or changed; null: not completed
 * @param open what is not completed: the command, commands that extend it
 * @param waiting whether it cannot complete before the recovery of a tier ends
 * @param awaitedTiers tiers that have not acknowledged it, as far as this instance knows
 */
record Receipt(
    Erasure command,
    List<String> aliases,
    @Nullable Long rows,
    List<Erasure> open,
    boolean waiting,
    List<String> awaitedTiers) {
  static Receipt running(Erasure command) {
    return new Receipt(command, List.of(), null, List.of(command), false, List.of());
  }

  /** A copy of an unfinished command with what it awaits. */
  Receipt awaiting(List<String> tiers, boolean recovery) {
    return new Receipt(command, aliases, rows, open, recovery, tiers);
  }

  /**
   * Of the records of the ledger about a command: itself, its notices, and the commands that extend
   * it with theirs. A user's command is done once the other ids of the person are known and all
   * commands are completed; of several completion notices of one the first counts, since an
   * instance that took over found fewer rows.
   *
   * @return empty if no record has the id
   */
  static Optional<Receipt> of(String id, Collection<Erasure> records) {
    Map<String, Erasure> commands = new LinkedHashMap<>();
    Map<String, Erasure> completed = new HashMap<>();
    Set<String> expected = new HashSet<>(Set.of(id));
    boolean extended = false;
    for (Erasure record : records) {
      if (!record.getId().equals(id) && !id.equals(record.getRoot())) {
        continue;
      }
      expected.add(record.getId());
      if (record.getCompletedAt() != null) {
        completed.putIfAbsent(record.getId(), record);
      }
      if (record.getDerived() != null) {
        expected.addAll(record.getDerived());
        extended = true;
      }
      commands.putIfAbsent(record.getId(), record);
    }
    Erasure command = commands.get(id);
    if (command == null) {
      return Optional.empty();
    }
    boolean whole = extended || command.getUserId() == null || command.getRoot() != null;
    long rows = 0;
    for (Erasure each : completed.values()) {
      rows += Objects.requireNonNullElse(each.getRows(), 0L);
    }
    Set<String> aliases = new TreeSet<>();
    for (Erasure each : commands.values()) {
      if (each.getUserId() != null) {
        aliases.add(each.getUserId());
      }
    }
    return Optional.of(
        new Receipt(
            command,
            aliases.size() > 1 ? List.copyOf(aliases) : List.of(),
            whole && completed.keySet().containsAll(expected) ? (Long) rows : null,
            commands.values().stream()
                .filter(each -> !completed.containsKey(each.getId()))
                .toList(),
            false,
            List.of()));
  }

  boolean done() {
    return rows != null;
  }

  JsonBody.Writer json() {
    return json -> {
      json.writeStartObject();
      json.writeStringField("id", command.getId());
      json.writeObjectFieldStart("subject");
      if (command.getMessageId() != null) {
        json.writeStringField("message", command.getMessageId());
      } else {
        json.writeStringField("user", command.getUserId());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("aliases");
      for (String alias : aliases) {
        json.writeString(alias);
      }
      json.writeEndArray();
      if (aliases.size() >= AliasGroup.MAX_MEMBERS) {
        json.writeBooleanField("truncated", true);
      }
      json.writeArrayFieldStart("fields");
      for (String field : command.getFields()) {
        json.writeString(field);
      }
      json.writeEndArray();
      json.writeStringField("at", Instant.ofEpochMilli(command.getAt()).toString());
      if (rows != null) {
        json.writeNumberField("rows", rows);
      }
      json.writeStringField("state", done() ? "DONE" : waiting ? "WAITING" : "RUNNING");
      if (!awaitedTiers.isEmpty()) {
        json.writeArrayFieldStart("awaitedTiers");
        for (String tier : awaitedTiers) {
          json.writeString(tier);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    };
  }
}
