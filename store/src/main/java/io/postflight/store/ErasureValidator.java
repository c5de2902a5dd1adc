package io.postflight.store;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.erasure.RedactableFields;

/** Validation of commands. */
public final class ErasureValidator {
  private ErasureValidator() {}

  /**
   * Rejects a record that is no command, or a command that this version does not fully support:
   * applied in part, it would count as done.
   *
   * @throws IllegalArgumentException naming what is wrong; a retry cannot succeed
   */
  public static void require(Erasure command) {
    String which = "erasure '" + command.getId() + "'";
    if (!ErasureScopes.isCommand(command)) {
      throw new IllegalArgumentException(which + " is a notice and no command");
    }
    if ((command.getMessageId() == null) == (command.getUserId() == null)) {
      throw new IllegalArgumentException(
          "%s names message_id %s and user_id %s; exactly one is allowed"
              .formatted(which, command.getMessageId(), command.getUserId()));
    }
    if (!command.getFields().isEmpty()) {
      if (command.getUserId() != null) {
        throw new IllegalArgumentException(
            which + " names fields of a user; they are allowed of a message only");
      }
      RedactableFields.checked(command.getFields());
    }
    if (command.getScope() != null && command.getUserId() == null) {
      throw new IllegalArgumentException(
          which + " of a message has a scope; it is allowed of a user only");
    }
    if (command.getListingShards() < 1) {
      throw new IllegalArgumentException(
          "%s has listing_shards %d; allowed are numbers from 1"
              .formatted(which, command.getListingShards()));
    }
    try {
      ErasureTimes.micros(command);
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException(which + " has the time " + command.getAt(), overflow);
    }
  }
}
