package io.postflight.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;

/** Our encoder writes what Avro's writes, and our decoder reads it. */
class BinaryEncodingTest {
  private final ByteArrayEncoder encoder = new ByteArrayEncoder();

  @Property
  void bytes_are_those_of_avro_and_are_read_again(
      @ForAll int i,
      @ForAll long l,
      @ForAll float f,
      @ForAll double d,
      @ForAll boolean b,
      @ForAll String text,
      @ForAll byte[] bytes)
      throws IOException {
    EncoderCall writing =
        out -> {
          out.writeInt(i);
          out.writeLong(l);
          out.writeFloat(f);
          out.writeDouble(d);
          out.writeBoolean(b);
          out.writeString(text);
          out.writeString(new Utf8(text));
          out.writeBytes(ByteBuffer.wrap(bytes));
          out.writeFixed(bytes);
          out.writeEnum(3);
          out.writeIndex(1);
          out.writeMapStart();
          out.setItemCount(1);
          out.startItem();
          out.writeString("key");
          out.writeMapEnd();
        };
    encoder.begin(0x01020304);
    writing.to(encoder);
    byte[] ours = encoder.end();
    ByteArrayOutputStream avros = new ByteArrayOutputStream();
    BinaryEncoder reference = EncoderFactory.get().binaryEncoder(avros, null);
    writing.to(reference);
    reference.flush();

    assertThat(Arrays.copyOf(ours, 5)).containsExactly(0, 1, 2, 3, 4);
    assertThat(Arrays.copyOfRange(ours, 5, ours.length)).isEqualTo(avros.toByteArray());

    ByteArrayDecoder in = new ByteArrayDecoder().on(ours, 5);
    assertThat(in.readInt()).isEqualTo(i);
    assertThat(in.readLong()).isEqualTo(l);
    assertThat(in.readFloat()).isEqualTo(f);
    assertThat(in.readDouble()).isEqualTo(d);
    assertThat(in.readBoolean()).isEqualTo(b);
    assertThat(in.readString()).isEqualTo(new Utf8(text).toString());
    assertThat(in.readString(new Utf8()).getBytes()).isEqualTo(new Utf8(text).getBytes());
    assertThat(in.readBytes(ByteBuffer.allocate(0)).array()).isEqualTo(bytes);
    in.skipFixed(bytes.length);
    assertThat(in.readEnum()).isEqualTo(3);
    assertThat(in.readIndex()).isEqualTo(1);
    assertThat(in.readMapStart()).isEqualTo(1);
    in.skipString();
    assertThat(in.mapNext()).isZero();
    assertThat(in.end()).isZero();
  }

  private interface EncoderCall {
    void to(Encoder out) throws IOException;
  }
}
