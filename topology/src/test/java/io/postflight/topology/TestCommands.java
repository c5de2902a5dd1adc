package io.postflight.topology;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Privacy commands for tests. */
final class TestCommands {
  private static final String TENANT = "acme";

  private TestCommands() {}

  static Erasure message(String messageId, long at) {
    return of(TENANT, messageId, null, List.of(), at);
  }

  static Erasure user(String userId, long at) {
    return of(TENANT, null, userId, List.of(), at);
  }

  static Erasure redact(String messageId, long at, String... fields) {
    return of(TENANT, messageId, null, List.of(fields), at);
  }

  static Erasure of(
      String tenant,
      @Nullable String messageId,
      @Nullable String userId,
      List<String> fields,
      long at) {
    // Equal commands have the same id, so that they can be repeated.
    long seed = List.of(tenant, String.valueOf(messageId), String.valueOf(userId), at).hashCode();
    return Erasure.newBuilder()
        .setId(ErasureIds.next(at, new Random(seed + fields.hashCode())))
        .setTenant(tenant)
        .setMessageId(messageId)
        .setUserId(userId)
        .setFields(fields)
        .setAt(at)
        .setRequestedBy("k1")
        .build();
  }

  static Erasure completed(Erasure command, long rows) {
    return Erasure.newBuilder()
        .setId(command.getId())
        .setTenant(command.getTenant())
        .setMessageId(command.getMessageId())
        .setUserId(command.getUserId())
        .setUsers(command.getUsers())
        .setFields(command.getFields())
        .setAt(command.getAt())
        .setRequestedBy(command.getRequestedBy())
        .setCompletedAt(command.getAt() + 50)
        .setRows(rows)
        .build();
  }
}
