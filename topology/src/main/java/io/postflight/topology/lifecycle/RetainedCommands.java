package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import org.jspecify.annotations.Nullable;

/** What is remembered of privacy commands, apart from the lives that they concern. */
public interface RetainedCommands {
  /** The command that erased a message, be it its own or its user's; null: none. */
  @Nullable Erasure ofMessage(String tenant, String messageId);

  /** The latest command that erased a user; null: none. */
  @Nullable Erasure ofUser(String tenant, String userId);

  /** All redactions of a message as one command with the union of their fields; null: none. */
  @Nullable Erasure ofRedaction(String tenant, String messageId);
}
