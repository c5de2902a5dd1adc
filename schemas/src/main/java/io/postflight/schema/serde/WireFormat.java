package io.postflight.schema.serde;

/** The prefix of Confluent's format: a zero byte and the schema's id, four bytes big-endian. */
final class WireFormat {
  static final byte MAGIC = 0;
  static final int PREFIX = 5;

  private WireFormat() {}

  /**
   * The schema's id in a record's prefix.
   *
   * @throws PoisonRecordException if there is no such prefix
   */
  static int schemaId(String topic, byte[] bytes) {
    if (bytes.length < PREFIX) {
      throw new PoisonRecordException(
          "record of %s has %d bytes; the prefix alone has %d"
              .formatted(topic, bytes.length, PREFIX));
    }
    if (bytes[0] != MAGIC) {
      throw new PoisonRecordException(
          "record of %s starts with byte %d instead of 0: not Avro in Confluent's format"
              .formatted(topic, bytes[0]));
    }
    int id =
        (bytes[1] & 0xFF) << 24
            | (bytes[2] & 0xFF) << 16
            | (bytes[3] & 0xFF) << 8
            | (bytes[4] & 0xFF);
    if (id < 0) {
      throw new PoisonRecordException(
          "record of %s has the negative schema id %d".formatted(topic, id));
    }
    return id;
  }
}
