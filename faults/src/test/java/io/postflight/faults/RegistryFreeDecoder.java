package io.postflight.faults;

import io.postflight.schema.message.TierRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Decodes records of a tier topic written by this build without a registry, which may be
 * unavailable.
 */
final class RegistryFreeDecoder {
  private static final int HEADER_BYTES = 5;

  private final SpecificDatumReader<TierRecord> reader =
      new SpecificDatumReader<>(TierRecord.getClassSchema());

  /**
   * Decodes a record.
   *
   * @throws RuntimeException if the bytes are not a record
   */
  TierRecord decode(byte[] value) {
    if (value[0] != 0) {
      throw new IllegalArgumentException("the magic byte is " + value[0]);
    }
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
    try {
      TierRecord record = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new IllegalArgumentException("bytes are left over");
      }
      return record;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
