package io.postflight.topology.lifecycle;

import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.topology.route.Placements;
import io.postflight.topology.route.TenantResolver;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Carries out privacy commands on what the lifecycle holds: marks them, so that they hold for what
 * is still to come, changes what is there, and sends them on to the tiers, behind everything that
 * was sent there before: of a message from its one partition, of a user from one for all, once all
 * have acknowledged the command ({@link Acknowledgements}).
 *
 * <p>A command that says nothing new does nothing: it may come twice, or a topic be read again.
 */
final class CommandHandler {
  private final LifecycleReducer fold;
  private final LifecycleStore lives;
  private final RetainedCommandStore marks;
  private final Eraser eraser;
  private final UserErasureScan sweep;
  private final Acknowledgements acknowledgements;
  private final TenantResolver tenants;
  private final Outputs outlets;
  private final @Nullable Duration horizon;

  /**
   * @param horizon how long after a tenant left a tier rows of its may be there; null: for ever
   */
  CommandHandler(
      LifecycleReducer fold,
      LifecycleStore lives,
      RetainedCommandStore marks,
      Eraser eraser,
      UserErasureScan sweep,
      Acknowledgements acknowledgements,
      TenantResolver tenants,
      Outputs outlets,
      @Nullable Duration horizon) {
    this.fold = fold;
    this.lives = lives;
    this.marks = marks;
    this.eraser = eraser;
    this.sweep = sweep;
    this.acknowledgements = acknowledgements;
    this.tenants = tenants;
    this.outlets = outlets;
    this.horizon = horizon;
  }

  /** Carries out a command, or takes in that a partition has acknowledged one. */
  void obey(LifecycleCommand command) {
    if (command.getAcknowledgedBy().isEmpty()) {
      obey(command.getCommand());
      return;
    }
    LifecycleCommand acknowledged = acknowledgements.take(command);
    if (acknowledged != null) {
      TreeSet<String> tiers = new TreeSet<>(acknowledged.getTiers());
      tiers.addAll(tiers(acknowledged.getCommand()));
      outlets.command(tiers, acknowledged.getCommand());
    }
  }

  private void obey(Erasure command) {
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
    Erasure mark = marks.ofUser(command.getTenant(), userId);
    if (mark == null || mark.getAt() < command.getAt()) {
      marks.put(command);
      sweep.begin(command.getTenant());
      acknowledgements.await(command);
    }
    // Also of a command that says nothing new here: it may be new where it is forwarded.
    outlets.acknowledge(acknowledgements.ofThisPartition(command, tiers(command)));
  }

  private void eraseMessage(String messageId, Erasure command) {
    String key = RecordKeys.ofMessage(command.getTenant(), messageId);
    LifecycleState life = lives.find(key);
    if (life != null) {
      eraser.erase(key, life, command);
      return;
    }
    Erasure mark = marks.ofMessage(command.getTenant(), messageId);
    if (mark != null && mark.getAt() >= command.getAt()) {
      return;
    }
    marks.put(command);
    outlets.command(tiers(command), command);
  }

  private void redact(String messageId, Erasure command) {
    String tenant = command.getTenant();
    if (marks.ofMessage(tenant, messageId) != null) {
      return;
    }
    String key = RecordKeys.ofMessage(tenant, messageId);
    LifecycleState life = lives.find(key);
    Erasure user = life == null ? null : ErasureRules.ofLife(life, marks);
    if (life != null && user != null) {
      eraser.erase(key, life, user);
      return;
    }
    Erasure mark = marks.ofRedaction(tenant, messageId);
    Erasure merged = ErasureRules.merged(mark, ErasureRules.bare(command));
    if (merged.equals(mark)) {
      return;
    }
    marks.put(merged);
    Erasure told = ErasureRules.merged(merged, command);
    if (life == null) {
      outlets.command(tiers(command), told);
    } else {
      redact(key, life, told);
    }
  }

  private void redact(String key, LifecycleState life, Erasure command) {
    MessageRevision message = life.getMessage();
    Transition step =
        fold.redact(
            life,
            command.getFields(),
            Placements.ofLife(tenants.now(command.getTenant()), message.getTier()));
    lives.keep(key, life, step.next());
    if (outlets.has(message.getTier())) {
      outlets.tell(
          message.getTier(), message.getMessageId(), step, command.getAt(), command.getAt());
    }
    outlets.command(List.of(message.getTier()), ErasureRules.onRows(life, command));
  }

  /** The tiers that may hold rows of the command's tenant; none once the tenant is removed. */
  private List<String> tiers(Erasure command) {
    return tenants
        .now(command.getTenant())
        .map(tenant -> TenantTiers.tiersStillHolding(tenant, command.getAt(), tier -> horizon))
        .orElse(List.of());
  }
}
