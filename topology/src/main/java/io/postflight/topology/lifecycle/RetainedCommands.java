package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import org.jspecify.annotations.Nullable;

/** Privacy commands that are retained because they apply to later events. */
public interface RetainedCommands {
  /** The command that erased a message, directly or by its user; null: none. */
  @Nullable Erasure ofMessage(String tenant, String messageId);

  /** The latest command that erased a user; null: none. */
  @Nullable Erasure ofUser(String tenant, String userId);

  /** All redactions of a message, merged into one command; null: none. */
  @Nullable Erasure ofRedaction(String tenant, String messageId);
}
