package io.postflight.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What is counted is what the decoder decodes, however the peer writes and splits it. */
final class Http1ChunksTest {
  private static final String HEAD =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final int LEAST = 64;

  @Property
  void chunks_are_those_of_the_decoder(
      @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 600) Integer> sizes,
      @ForAll Random random) {
    StringBuilder body = new StringBuilder();
    sizes.forEach(size -> append(body, size, random));
    append(body, 0, random);
    String trailers = random.nextBoolean() ? "a: b\r\n\r\n" : "\r\n";

    assertThat(decoded(HEAD + body + trailers)).isEqualTo(sizes.stream().mapToInt(n -> n).sum());
    Http1Chunks chunks = new Http1Chunks();
    ByteBuf rest = Unpooled.copiedBuffer(body + trailers, StandardCharsets.US_ASCII);
    int small = 0;
    while (!chunks.ended()) {
      int size = Math.min(rest.readableBytes(), 1 + random.nextInt(40));
      ByteBuf part = rest.slice(rest.readerIndex(), size);
      rest.skipBytes(chunks.read(part));
      small += chunks.takeSmall();
    }

    assertThat(rest.toString(StandardCharsets.US_ASCII)).isEqualTo(trailers);
    assertThat(small).isEqualTo((int) sizes.stream().filter(size -> size < LEAST).count());
    assertThat(chunks.unfinished()).isZero();
  }

  private static void append(StringBuilder body, int size, Random random) {
    String hex = "0".repeat(random.nextInt(3)) + Integer.toHexString(size);
    body.append(random.nextBoolean() ? hex : hex.toUpperCase(Locale.ROOT));
    body.append(random.nextBoolean() ? "" : " ;name=1f").append("\r\n");
    if (size > 0) {
      // Line ends and digits in the data are data.
      body.append((random.nextBoolean() ? "\n" : "1").repeat(size)).append("\r\n");
    }
  }

  /** The bytes of the body, if it is whole. */
  private static int decoded(String request) {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
    channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
    int bytes = 0;
    boolean whole = false;
    for (Object each = channel.readInbound(); each != null; each = channel.readInbound()) {
      if (each instanceof HttpContent content) {
        assertThat(content.decoderResult().isSuccess()).isTrue();
        bytes += content.content().readableBytes();
        whole = content instanceof LastHttpContent;
      }
      ReferenceCountUtil.release(each);
    }
    assertThat(whole).isTrue();
    channel.finishAndReleaseAll();
    return bytes;
  }
}
