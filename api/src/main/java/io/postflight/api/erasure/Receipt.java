package io.postflight.api.erasure;

import io.postflight.api.http.JsonBody;
import io.postflight.schema.erasure.Erasure;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a command for its caller.
 *
 * @param command the command
 * @param rows number of rows erased or changed; null: not completed
 * @param waiting whether it cannot complete before the recovery of a tier ends
 * @param awaitedTiers tiers that have not acknowledged it, as far as this instance knows
 */
record Receipt(Erasure command, @Nullable Long rows, boolean waiting, List<String> awaitedTiers) {
  static Receipt running(Erasure command) {
    return new Receipt(command, null, false, List.of());
  }

  /** A copy of an unfinished command with what it awaits. */
  Receipt awaiting(List<String> tiers, boolean recovery) {
    return new Receipt(command, rows, recovery, tiers);
  }

  /** Of a record of the ledger: the command or its completion notice. */
  static Receipt of(Erasure entry) {
    Long rows = entry.getRows();
    return new Receipt(
        entry, entry.getCompletedAt() == null ? null : rows == null ? 0L : rows, false, List.of());
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
