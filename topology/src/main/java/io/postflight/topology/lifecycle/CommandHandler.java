package io.postflight.topology.lifecycle;

import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.topology.route.TenantResolver;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Applies privacy commands to the state of the lifecycle: retains them, so that they apply to later
 * events, updates existing state, and forwards them to the tiers, behind all records sent there
 * before. A message's command is forwarded by the message's partition; a user's command by a single
 * partition, once all have acknowledged it ({@link Acknowledgements}).
 *
 * <p>Applying a command is idempotent: it may be delivered twice, or a topic may be read again.
 */
final class CommandHandler {
  private final LifecycleReducer reducer;
  private final LifecycleStore lifecycles;
  private final RetainedCommandStore retained;
  private final Eraser eraser;
  private final UserErasureScan userScan;
  private final Acknowledgements acknowledgements;
  private final TenantResolver tenants;
  private final Outputs outputs;
  private final @Nullable Duration horizon;

  /**
   * @param horizon how long a tier may hold rows of a tenant after the tenant left it; null:
   *     indefinitely
   */
  CommandHandler(
      LifecycleReducer reducer,
      LifecycleStore lifecycles,
      RetainedCommandStore retained,
      Eraser eraser,
      UserErasureScan userScan,
      Acknowledgements acknowledgements,
      TenantResolver tenants,
      Outputs outputs,
      @Nullable Duration horizon) {
    this.reducer = reducer;
    this.lifecycles = lifecycles;
    this.retained = retained;
    this.eraser = eraser;
    this.userScan = userScan;
    this.acknowledgements = acknowledgements;
    this.tenants = tenants;
    this.outputs = outputs;
    this.horizon = horizon;
  }

  /** Applies a command, or records a partition's acknowledgement of one. */
  void apply(LifecycleCommand command) {
    if (command.getAcknowledgedBy().isEmpty()) {
      apply(command.getCommand());
      return;
    }
    LifecycleCommand acknowledged = acknowledgements.take(command);
    if (acknowledged != null) {
      TreeSet<String> tiers = new TreeSet<>(acknowledged.getTiers());
      tiers.addAll(tiers(acknowledged.getCommand()));
      outputs.command(tiers, acknowledged.getCommand());
    }
  }

  private void apply(Erasure command) {
    String messageId = command.getMessageId();
    String userId = command.getUserId();
    if (command.getCompletedAt() != null) {
      return;
    }
    if (messageId == null && userId != null) {
      eraseUser(userId, command);
    } else if (messageId != null && command.getFields().isEmpty()) {
      eraseMessage(messageId, command);
    } else if (messageId != null) {
      redact(messageId, command);
    }
  }

  private void eraseUser(String userId, Erasure command) {
    Erasure known = retained.ofUser(command.getTenant(), userId);
    if (known == null || known.getAt() < command.getAt()) {
      retained.put(command);
      userScan.begin(command.getTenant());
      acknowledgements.await(command);
    }
    // Also for a command that is not new here: it may be new at the partition that forwards it.
    outputs.acknowledge(acknowledgements.ofThisPartition(command, tiers(command)));
  }

  private void eraseMessage(String messageId, Erasure command) {
    String key = RecordKeys.ofMessage(command.getTenant(), messageId);
    LifecycleState state = lifecycles.find(key);
    if (state != null) {
      eraser.erase(key, state, command);
      return;
    }
    Erasure known = retained.ofMessage(command.getTenant(), messageId);
    if (known != null && known.getAt() >= command.getAt()) {
      return;
    }
    retained.put(command);
    outputs.command(tiers(command), command);
  }

  private void redact(String messageId, Erasure command) {
    String tenant = command.getTenant();
    if (retained.ofMessage(tenant, messageId) != null) {
      return;
    }
    String key = RecordKeys.ofMessage(tenant, messageId);
    LifecycleState state = lifecycles.find(key);
    Erasure user = state == null ? null : LifecycleErasures.ofState(state, retained);
    if (state != null && user != null) {
      eraser.erase(key, state, user);
      return;
    }
    Erasure known = retained.ofRedaction(tenant, messageId);
    Erasure merged = LifecycleErasures.merged(known, LifecycleErasures.withoutUsers(command));
    if (merged.equals(known)) {
      return;
    }
    retained.put(merged);
    Erasure reported = LifecycleErasures.merged(merged, command);
    if (state == null) {
      outputs.command(tiers(command), reported);
    } else {
      redact(key, state, reported);
    }
  }

  private void redact(String key, LifecycleState state, Erasure command) {
    MessageRevision message = state.getMessage();
    Transition transition =
        reducer.redact(
            state,
            command.getFields(),
            Placement.of(tenants.now(command.getTenant()), message.getTier()));
    lifecycles.replace(key, state, transition.next());
    if (outputs.has(message.getTier())) {
      outputs.emit(
          message.getTier(), message.getMessageId(), transition, command.getAt(), command.getAt());
    }
    outputs.command(List.of(message.getTier()), LifecycleErasures.onRows(state, command));
  }

  /** The tiers that may hold rows of the command's tenant; none if the tenant was removed. */
  private List<String> tiers(Erasure command) {
    return tenants
        .now(command.getTenant())
        .map(tenant -> TenantTiers.tiersStillHolding(tenant, command.getAt(), tier -> horizon))
        .orElse(List.of());
  }
}
