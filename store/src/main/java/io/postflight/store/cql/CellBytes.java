package io.postflight.store.cql;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.message.MessageEdit;
import io.postflight.store.EventPointer;
import io.postflight.store.FactOrigin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cells in the native protocol's encoding, written without the driver's codecs: for collections and
 * user-defined types these cost more than the rest of a write.
 */
public final class CellBytes {
  private byte[] bytes = new byte[256];
  private int size;

  private CellBytes() {}

  /** Text. */
  public static ByteBuffer text(String value) {
    return ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
  }

  /** A timestamp of epoch milliseconds. */
  public static ByteBuffer time(long millis) {
    return ByteBuffer.allocate(Long.BYTES).putLong(0, millis);
  }

  /** A smallint. */
  public static ByteBuffer number(int value) {
    return ByteBuffer.allocate(Short.BYTES).putShort(0, (short) value);
  }

  /** A map of text to text. */
  public static ByteBuffer texts(Map<String, String> values) {
    return new CellBytes().textMap(values).buffer();
  }

  /** A list of text. */
  public static ByteBuffer texts(List<String> values) {
    return new CellBytes().textList(values).buffer();
  }

  /** A map of text to timestamp. */
  public static ByteBuffer times(Map<String, Long> values) {
    CellBytes cell = new CellBytes().writeInt(values.size());
    values.forEach((name, millis) -> cell.writeText(name).writeTime(millis));
    return cell.buffer();
  }

  /** A map of timestamp to smallint. */
  public static ByteBuffer listings(Map<Long, Integer> values) {
    CellBytes cell = new CellBytes().writeInt(values.size());
    values.forEach((millis, shards) -> cell.writeTime(millis).writeNumber(shards));
    return cell.buffer();
  }

  /** An {@code event_error} of types.cql. */
  public static ByteBuffer error(EventError error) {
    return new CellBytes()
        .writeText(error.getCode())
        .writeText(error.getTitle())
        .writeText(error.getDetail())
        .buffer();
  }

  /** A {@code price} of types.cql. */
  public static ByteBuffer price(Price price) {
    CellBytes cell =
        new CellBytes()
            .writeText(price.getAmount())
            .writeText(price.getCurrency())
            .writeText(price.getCategory());
    Boolean billable = price.getBillable();
    if (billable == null) {
      return cell.writeInt(-1).buffer();
    }
    return cell.writeInt(1).writeByte(billable ? 1 : 0).buffer();
  }

  /** A {@code message_edit} of types.cql. */
  public static ByteBuffer edit(MessageEdit edit) {
    return new CellBytes()
        .writeTime(edit.getAt())
        .writeText(edit.getEventId())
        .writeText(edit.getBody())
        .buffer();
  }

  /** A list of {@code fact_origin} of types.cql. */
  public static ByteBuffer origins(List<FactOrigin> origins) {
    CellBytes cell = new CellBytes().writeInt(origins.size());
    for (FactOrigin origin : origins) {
      int start = cell.begin();
      cell.writeTime(origin.at()).writeNumber(origin.rank()).writeText(origin.eventId());
      int facts = cell.begin();
      cell.textList(origin.facts()).end(facts);
      cell.end(start);
    }
    return cell.buffer();
  }

  /** A list of {@code alias_link} of types.cql. */
  public static ByteBuffer links(List<AliasLink> links) {
    CellBytes cell = new CellBytes().writeInt(links.size());
    for (AliasLink link : links) {
      int start = cell.begin();
      cell.writeText(link.getAlias())
          .writeText(link.getRelation().name())
          .writeTime(link.getAt())
          .writeTime(link.getLastAt())
          .end(start);
    }
    return cell.buffer();
  }

  /** An {@code event_pointer} of types.cql. */
  public static ByteBuffer pointer(EventPointer pointer) {
    CellBytes cell =
        new CellBytes()
            .writeTime(pointer.anchorMicros())
            .writeTime(pointer.eventTime())
            .writeText(pointer.eventId())
            .writeText(pointer.type());
    if (pointer.writtenMicros() != pointer.anchorMicros()) {
      cell.writeTime(pointer.writtenMicros());
    }
    return cell.buffer();
  }

  private CellBytes textMap(Map<String, String> values) {
    writeInt(values.size());
    values.forEach((name, value) -> writeText(name).writeText(value));
    return this;
  }

  private CellBytes textList(List<String> values) {
    writeInt(values.size());
    values.forEach(this::writeText);
    return this;
  }

  /** An element with its length before it; null is the length -1. */
  private CellBytes writeText(@Nullable String value) {
    if (value == null) {
      return writeInt(-1);
    }
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    writeInt(text.length);
    reserve(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
    return this;
  }

  private CellBytes writeTime(long millis) {
    return writeInt(Long.BYTES).writeInt((int) (millis >>> 32)).writeInt((int) millis);
  }

  private CellBytes writeNumber(int value) {
    return writeInt(Short.BYTES).writeByte(value >>> 8).writeByte(value);
  }

  private CellBytes writeInt(int value) {
    return writeByte(value >>> 24).writeByte(value >>> 16).writeByte(value >>> 8).writeByte(value);
  }

  private CellBytes writeByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /** Leaves room for a length; returns its position. */
  private int begin() {
    writeInt(0);
    return size;
  }

  /** Writes the length of what has been written since a {@link #begin}. */
  private CellBytes end(int start) {
    int length = size - start;
    ByteBuffer.wrap(bytes).putInt(start - Integer.BYTES, length);
    return this;
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  private ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes, 0, size);
  }
}
