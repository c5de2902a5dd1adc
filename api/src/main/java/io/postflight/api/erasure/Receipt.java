package io.postflight.api.erasure;

import io.postflight.api.http.JsonBody;
import io.postflight.schema.erasure.Erasure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of a command for its caller.
 *
 * @param command the command
 * @param rows number of rows erased or changed; null: not completed
 * @param waiting whether it cannot complete before the recovery of a tier ends
 */
record Receipt(Erasure command, @Nullable Long rows, boolean waiting) {
  static Receipt running(Erasure command) {
    return new Receipt(command, null, false);
  }

  /** A copy of a command that awaits the end of a recovery. */
  Receipt asWaiting() {
    return new Receipt(command, rows, true);
  }

  /** Of a record of the ledger: the command or its completion notice. */
  static Receipt of(Erasure entry) {
    Long rows = entry.getRows();
    return new Receipt(
        entry, entry.getCompletedAt() == null ? null : rows == null ? 0L : rows, false);
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
      json.writeEndObject();
    };
  }
}
