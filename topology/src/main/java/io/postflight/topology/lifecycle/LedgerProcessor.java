package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.metrics.TopologyMetrics;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broadcasts the commands of the ledger, with the key of their subject; completion notices are
 * ignored.
 */
public final class LedgerProcessor
    extends ContextualProcessor<String, Erasure, String, LifecycleCommand> {
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
    if (command.getCompletedAt() != null) {
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
    context().forward(new Record<>(key, broadcast, record.timestamp(), new RecordHeaders()));
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
