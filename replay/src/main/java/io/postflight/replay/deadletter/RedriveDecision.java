package io.postflight.replay.deadletter;

import org.apache.kafka.clients.producer.ProducerRecord;

/** What to do with a dead letter. */
sealed interface RedriveDecision {
  /** Send this record. */
  record Send(ProducerRecord<byte[], byte[]> record) implements RedriveDecision {}

  /** Skip: its subject was erased. */
  record Erased() implements RedriveDecision {}

  /**
   * It cannot be redriven.
   *
   * @param reason human-readable
   */
  record Impossible(String reason) implements RedriveDecision {}
}
