package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import org.jspecify.annotations.Nullable;

/** Privacy commands that are retained because they apply to later events. */
public interface RetainedCommands {
  /** The command that erased a message, directly or by its user; null: none. */
  @Nullable Erasure ofMessage(String tenant, String messageId);

  /**
   * The latest command that erased the person of a row; null: none. Parameters as in {@link
   * io.postflight.schema.erasure.UserErasures#erasedAt}.
   */
  @Nullable Erasure ofUser(
      String tenant, @Nullable String userId, @Nullable String alias, long time);

  /** All redactions of a message, merged into one command; null: none. */
  @Nullable Erasure ofRedaction(String tenant, String messageId);
}
