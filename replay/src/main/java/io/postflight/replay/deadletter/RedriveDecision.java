package io.postflight.replay.deadletter;

import org.apache.kafka.clients.producer.ProducerRecord;

/** What is to be done with a letter. */
sealed interface RedriveDecision {
  /** Sent back as this record. */
  record Send(ProducerRecord<byte[], byte[]> record) implements RedriveDecision {}

  /** Nothing: what it is about was erased. */
  record Erased() implements RedriveDecision {}

  /**
   * Nothing can be done.
   *
   * @param why for people
   */
  record Impossible(String why) implements RedriveDecision {}
}
