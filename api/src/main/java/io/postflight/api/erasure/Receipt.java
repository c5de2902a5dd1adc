package io.postflight.api.erasure;

import io.postflight.api.http.JsonBody;
import io.postflight.schema.erasure.Erasure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a caller has in hand about a command.
 *
 * @param command the command
 * @param rows how many rows were erased or changed; null: it is not done yet
 * @param waiting whether it cannot be done before the recovery of a tier has ended
 */
record Receipt(Erasure command, @Nullable Long rows, boolean waiting) {
  static Receipt running(Erasure command) {
    return new Receipt(command, null, false);
  }

  /** The same of a command that waits for the end of a recovery. */
  Receipt asWaiting() {
    return new Receipt(command, rows, true);
  }

  /** Of a record of the ledger, be it the command or the notice of its completion. */
  static Receipt of(Erasure entry) {
    Long rows = entry.getRows();
    return new Receipt(
        entry, entry.getCompletedAt() == null ? null : rows == null ? 0L : rows, false);
  }

  boolean done() {
    return rows != null;
  }

  byte[] json() {
    return JsonBody.bytes(
        json -> {
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
        });
  }
}
