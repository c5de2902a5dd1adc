package io.postflight.topology.lifecycle;

import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.topology.route.TenantResolver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
  private final Outputs outputs;
  private final TierLookup tenants;
  private final LinkOutput links;

  /**
   * State and outputs of the lifecycle in a task.
   *
   * @param lifecycles of messages
   * @param retained commands
   * @param outputs of the task
   * @param eraser of its messages
   * @param links that its events name
   */
  record LifecycleTask(
      LifecycleStore lifecycles,
      RetainedCommandStore retained,
      Outputs outputs,
      Eraser eraser,
      LinkOutput links) {}

  /**
   * Erasures of users in a task.
   *
   * @param scan erases the messages of the users
   * @param acknowledgements of all partitions
   */
  record UserErasures(UserErasureScan scan, Acknowledgements acknowledgements) {}

  /**
   * Tenants and the tiers that they have left.
   *
   * @param horizon how long a tier may hold rows of a tenant after the tenant left it; null:
   *     indefinitely
   */
  record TierLookup(TenantResolver tenants, @Nullable Duration horizon) {
    /** The tiers that may hold rows of the command's tenant; none if the tenant was removed. */
    List<String> tiers(Erasure command) {
      return now(command)
          .map(tenant -> TenantTiers.tiersStillHolding(tenant, command.getAt(), tier -> horizon))
          .orElse(List.of());
    }

    Optional<Tenant> now(Erasure command) {
      return tenants.now(command.getTenant());
    }
  }

  CommandHandler(
      LifecycleReducer reducer, LifecycleTask task, UserErasures users, TierLookup tenants) {
    this.reducer = reducer;
    this.lifecycles = task.lifecycles();
    this.retained = task.retained();
    this.outputs = task.outputs();
    this.eraser = task.eraser();
    this.links = task.links();
    this.userScan = users.scan();
    this.acknowledgements = users.acknowledgements();
    this.tenants = tenants;
  }

  /** Applies a command, or records a partition's acknowledgement of one. */
  void apply(LifecycleCommand command) {
    if (command.getAcknowledgedBy().isEmpty()) {
      apply(command.getCommand());
      return;
    }
    LifecycleCommand acknowledged = acknowledgements.take(command);
    if (acknowledged != null) {
      TreeSet<String> holding = new TreeSet<>(acknowledged.getTiers());
      holding.addAll(tenants.tiers(acknowledged.getCommand()));
      outputs.command(holding, acknowledged.getCommand());
    }
  }

  private void apply(Erasure command) {
    String messageId = command.getMessageId();
    String userId = command.getUserId();
    if (!ErasureScopes.isCommand(command)) {
      return;
    }
    if (messageId == null && userId != null) {
      eraseUser(command);
    } else if (messageId != null && command.getFields().isEmpty()) {
      eraseMessage(messageId, command);
    } else if (messageId != null) {
      redact(messageId, command);
    }
  }

  private void eraseUser(Erasure command) {
    if (retained.putOfUser(command)) {
      userScan.begin(command.getTenant());
      acknowledgements.await(command);
      // An event that names the person's ids again is news.
      links.forget();
    }
    // Also for a command that is not new here: it may be new at the partition that forwards it.
    outputs.acknowledge(acknowledgements.ofThisPartition(command, tenants.tiers(command)));
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
    outputs.command(tenants.tiers(command), command);
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
      outputs.command(tenants.tiers(command), reported);
    } else {
      redact(key, state, reported);
    }
  }

  private void redact(String key, LifecycleState state, Erasure command) {
    MessageRevision message = state.getMessage();
    Transition transition =
        reducer.redact(
            state, command.getFields(), Placement.of(tenants.now(command), message.getTier()));
    lifecycles.replace(key, state, transition.next());
    if (outputs.has(message.getTier())) {
      outputs.emit(
          message.getTier(), message.getMessageId(), transition, command.getAt(), command.getAt());
    }
    outputs.command(List.of(message.getTier()), LifecycleErasures.onRows(state, command));
  }
}
