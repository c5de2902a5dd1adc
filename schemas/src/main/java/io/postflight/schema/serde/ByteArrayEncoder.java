package io.postflight.schema.serde;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.io.BinaryData;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.util.Utf8;

/**
 * Encodes Avro's binary encoding into a reusable array, so that only the result is allocated.
 * Avro's own encoder copies twice and allocates the bytes of each string. Not thread-safe.
 */
final class ByteArrayEncoder extends BinaryEncoder {
  private static final int SMALLEST = 2 * 1024;

  /**
   * A larger array is released after the record, so that a large record does not stay in memory.
   */
  private static final int LARGEST_KEPT = 1024 * 1024;

  private byte[] bytes = new byte[SMALLEST];
  private int size;

  /** Starts a record with the prefix of Confluent's format. */
  void begin(int schemaId) {
    size = 0;
    bytes[size++] = WireFormat.MAGIC;
    bytes[size++] = (byte) (schemaId >>> 24);
    bytes[size++] = (byte) (schemaId >>> 16);
    bytes[size++] = (byte) (schemaId >>> 8);
    bytes[size++] = (byte) schemaId;
  }

  /** Ends a record and returns its bytes. */
  byte[] end() {
    byte[] record = Arrays.copyOf(bytes, size);
    if (bytes.length > LARGEST_KEPT) {
      bytes = new byte[SMALLEST];
    }
    size = 0;
    return record;
  }

  @Override
  public void writeBoolean(boolean value) {
    room(1);
    bytes[size++] = (byte) (value ? 1 : 0);
  }

  @Override
  public void writeInt(int value) {
    room(5);
    size += BinaryData.encodeInt(value, bytes, size);
  }

  @Override
  public void writeLong(long value) {
    room(10);
    size += BinaryData.encodeLong(value, bytes, size);
  }

  @Override
  public void writeFloat(float value) {
    writeLittleEndian(Float.floatToRawIntBits(value), 4);
  }

  @Override
  public void writeDouble(double value) {
    writeLittleEndian(Double.doubleToRawLongBits(value), 8);
  }

  @Override
  public void writeFixed(byte[] source, int start, int length) {
    room(length);
    System.arraycopy(source, start, bytes, size, length);
    size += length;
  }

  @Override
  public void writeString(Utf8 utf8) {
    writeBytes(utf8.getBytes(), 0, utf8.getByteLength());
  }

  /**
   * ASCII characters are written directly; from the first other character on, the JDK encodes the
   * rest.
   */
  @Override
  public void writeString(String text) {
    int length = text.length();
    int start = size;
    writeInt(length);
    room(length);
    int at = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c > 0x7F) {
        size = start;
        byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        writeBytes(utf8, 0, utf8.length);
        return;
      }
      bytes[at++] = (byte) c;
    }
    size = at;
  }

  @Override
  public void writeBytes(ByteBuffer source) {
    int length = source.remaining();
    writeInt(length);
    room(length);
    source.duplicate().get(bytes, size, length);
    size += length;
  }

  @Override
  public void writeBytes(byte[] source, int start, int length) {
    writeInt(length);
    writeFixed(source, start, length);
  }

  @Override
  protected void writeZero() {
    room(1);
    bytes[size++] = 0;
  }

  @Override
  public int bytesBuffered() {
    return size;
  }

  @Override
  public void flush() {}

  private void writeLittleEndian(long value, int length) {
    room(length);
    long rest = value;
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) rest;
      rest >>>= 8;
    }
  }

  private void room(int wanted) {
    int needed = Math.addExact(size, wanted);
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, Math.max(needed, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
    }
  }
}
