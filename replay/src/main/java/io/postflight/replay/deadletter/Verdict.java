package io.postflight.replay.deadletter;

import org.apache.kafka.clients.producer.ProducerRecord;

/** What is to be done with a letter. */
sealed interface Verdict {
  /** Sent back as this record. */
  record Send(ProducerRecord<byte[], byte[]> record) implements Verdict {}

  /** Nothing: what it is about was erased. */
  record Erased() implements Verdict {}

  /**
   * Nothing can be done.
   *
   * @param why for people
   */
  record Impossible(String why) implements Verdict {}
}
