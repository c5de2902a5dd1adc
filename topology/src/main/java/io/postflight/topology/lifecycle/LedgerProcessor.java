package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.identity.IdentityRecord;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.metrics.TopologyMetrics;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broadcasts the commands of the ledger, with the key of their subject, and sends requested
 * erasures of users to be extended to all ids of the person. Notices are ignored.
 */
public final class LedgerProcessor
    extends ContextualProcessor<String, Erasure, String, SpecificRecord> {
  /** Node that commands for the lifecycle are forwarded to. */
  public static final String COMMANDS = "broadcast-commands";

  /** Node that requested erasures of users are forwarded to. */
  public static final String REQUESTED = "requested-erasures";

  private static final Logger log = LoggerFactory.getLogger(LedgerProcessor.class);

  private final TopologyMetrics metrics;

  /**
   * @param metrics counts invalid commands
   */
  public LedgerProcessor(TopologyMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void process(Record<String, Erasure> record) {
    Erasure command = record.value();
    if (!ErasureScopes.isCommand(command)) {
      return;
    }
    String key = key(command);
    if (key == null) {
      // The ledger keeps it, for longer than dead letters are kept.
      log.error(
          "Command {} of tenant '{}' must have either a message or a user; it is ignored",
          command.getId(),
          command.getTenant());
      metrics.rejection(RejectionReason.MALFORMED_BODY);
      return;
    }
    LifecycleCommand broadcast = new LifecycleCommand(command, List.of(), List.of(), List.of());
    context()
        .forward(new Record<>(key, broadcast, record.timestamp(), new RecordHeaders()), COMMANDS);
    if (command.getUserId() != null && command.getRoot() == null) {
      IdentityRecord requested =
          new IdentityRecord(
              command.getTenant(), command.getAt(), command.getAt(), List.of(), List.of(), command);
      context()
          .forward(
              new Record<>(command.getTenant(), requested, record.timestamp(), new RecordHeaders()),
              REQUESTED);
    }
  }

  private static @Nullable String key(Erasure command) {
    String message = command.getMessageId();
    String user = command.getUserId();
    if (message != null && user == null) {
      return RecordKeys.ofMessage(command.getTenant(), message);
    }
    return message == null && user != null ? RecordKeys.ofUser(command.getTenant(), user) : null;
  }
}
