package io.postflight.topology.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class Utf8Test {
  @Property(tries = 1000)
  void every_text_is_valid(@ForAll("texts") String text) {
    assertThat(Utf8.firstInvalid(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(-1);
  }

  @Property(tries = 5000)
  void it_agrees_with_the_decoder_of_java(@ForAll("bytesNearTheEdges") byte[] bytes) {
    assertThat(Utf8.firstInvalid(bytes) < 0).isEqualTo(decodes(bytes));
  }

  @Test
  void the_first_invalid_byte_is_reported() {
    assertThat(Utf8.firstInvalid(new byte[] {'a', 'b', (byte) 0xED, (byte) 0xA0, (byte) 0x80}))
        .isEqualTo(2);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().excludeChars().map(Texts::repaired);
  }

  @Provide
  Arbitrary<byte[]> bytesNearTheEdges() {
    Arbitrary<Byte> bytes =
        Arbitraries.of(
                0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
                0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF)
            .map(Integer::byteValue);
    return bytes.array(byte[].class).ofMaxSize(20);
  }

  private static boolean decodes(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
