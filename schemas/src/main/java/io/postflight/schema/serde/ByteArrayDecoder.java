package io.postflight.schema.serde;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Decodes Avro's binary encoding from an array; reusable. Lengths in the input are checked against
 * the number of remaining bytes (an item of a collection has at least one byte), so that malicious
 * input cannot cause large allocations; Avro's own decoder checks strings this way, but allocates
 * arrays of up to two billion items. Not thread-safe.
 */
final class ByteArrayDecoder extends Decoder {
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int at;

  /** Starts reading at an offset. */
  ByteArrayDecoder on(byte[] source, int offset) {
    bytes = source;
    at = offset;
    return this;
  }

  /** Releases the array; returns the number of unread bytes. */
  int end() {
    int left = bytes.length - at;
    bytes = NONE;
    at = 0;
    return left;
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() throws IOException {
    byte value = next();
    if (value != 0 && value != 1) {
      throw new AvroRuntimeException("a boolean is neither 0 nor 1 but " + value);
    }
    return value == 1;
  }

  @Override
  public int readInt() throws IOException {
    long value = readLong();
    if (value != (int) value) {
      throw new AvroRuntimeException("an int is out of range: " + value);
    }
    return (int) value;
  }

  @Override
  public long readLong() throws IOException {
    byte b = next();
    long zigzag = b & 0x7F;
    for (int shift = 7; b < 0; shift += 7) {
      if (shift > 63) {
        throw new AvroRuntimeException("a number is longer than ten bytes");
      }
      b = next();
      zigzag |= (b & 0x7FL) << shift;
    }
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  @Override
  public float readFloat() throws IOException {
    return Float.intBitsToFloat((int) readLittleEndian(4));
  }

  @Override
  public double readDouble() throws IOException {
    return Double.longBitsToDouble(readLittleEndian(8));
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    int length = readLength();
    byte[] utf8 = new byte[length];
    readFixed(utf8, 0, length);
    return new Utf8(utf8);
  }

  @Override
  public String readString() throws IOException {
    int length = readLength();
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  @Override
  public void skipString() throws IOException {
    skip(readLength());
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    byte[] copy = new byte[readLength()];
    readFixed(copy, 0, copy.length);
    return ByteBuffer.wrap(copy);
  }

  @Override
  public void skipBytes() throws IOException {
    skip(readLength());
  }

  @Override
  public void readFixed(byte[] target, int start, int length) throws IOException {
    require(length);
    System.arraycopy(bytes, at, target, start, length);
    at += length;
  }

  @Override
  public void skipFixed(int length) throws IOException {
    require(length);
    skip(length);
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    return readItemCount();
  }

  @Override
  public long arrayNext() throws IOException {
    return readItemCount();
  }

  @Override
  public long skipArray() throws IOException {
    return skipItems();
  }

  @Override
  public long readMapStart() throws IOException {
    return readItemCount();
  }

  @Override
  public long mapNext() throws IOException {
    return readItemCount();
  }

  @Override
  public long skipMap() throws IOException {
    return skipItems();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  /** A negative count is followed by the block's size in bytes. */
  private long readItemCount() throws IOException {
    long count = readLong();
    if (count < 0) {
      readLength();
      count = -count;
    }
    require(count);
    return count;
  }

  private long skipItems() throws IOException {
    long count = readLong();
    while (count < 0) {
      skip(readLength());
      count = readLong();
    }
    require(count);
    return count;
  }

  /** A separate method, since {@code at += readLength()} would use the old value of {@code at}. */
  private void skip(int length) {
    at += length;
  }

  private int readLength() throws IOException {
    long length = readLong();
    require(length);
    return (int) length;
  }

  private void require(long wanted) throws IOException {
    if (wanted < 0 || wanted > bytes.length - at) {
      throw new EOFException(
          "a length of %d is given, but %d bytes are left".formatted(wanted, bytes.length - at));
    }
  }

  private byte next() throws IOException {
    if (at >= bytes.length) {
      throw new EOFException("the bytes end within a number");
    }
    return bytes[at++];
  }

  private long readLittleEndian(int length) throws IOException {
    require(length);
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (bytes[at++] & 0xFFL) << (8 * i);
    }
    return value;
  }
}
