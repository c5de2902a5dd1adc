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
    return new Erasure(
        ErasureIds.next(at, new Random(seed + fields.hashCode())),
        tenant,
        messageId,
        userId,
        List.of(),
        fields,
        at,
        "k1",
        null,
        null,
        null,
        1,
        null);
  }

  static Erasure completed(Erasure command, long rows) {
    return new Erasure(
        command.getId(),
        command.getTenant(),
        command.getMessageId(),
        command.getUserId(),
        command.getUsers(),
        command.getFields(),
        command.getAt(),
        command.getRequestedBy(),
        command.getAt() + 50,
        rows,
        null,
        1,
        null);
  }
}
