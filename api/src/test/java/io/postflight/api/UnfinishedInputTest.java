package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.junit.RawHttp2Client;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Input whose end never arrives counts with the memory that it occupies. */
final class UnfinishedInputTest extends LimitedApi {
  private static final String POST = "POST /webhooks/whatsapp/acme HTTP/1.1\r\nHost: x\r\n";
  private static final String WAITING =
      "GET /v1/messages/none?wait=20s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
          + ACME_KEY
          + "\r\n";
  private static final String LINE = "a:b\r\n";
  private static final int LINES = 100;
  private static final int MANY = 1_000;
  private static final int READ_BUFFER = 16 << 10;

  /** Each becomes several objects. */
  private static final int LEAST_PER_LINE = 100;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
        POST + "Content-Length: 3\r\n\r\n\n\r\n",
        POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      })
  void a_head_without_end_counts_with_its_lines(String before) throws Exception {
    TestApi api = api(Map.of());
    Socket socket = connect(api);
    write(socket, before + "GET /health/live HTTP/1.1\r\nHost: x\r\n" + LINE.repeat(LINES));

    Awaitility.await().until(() -> unread(api) >= READ_BUFFER + LINES * LEAST_PER_LINE);
    write(socket, "\r\n");
    Awaitility.await().until(() -> unread(api) == 0);
    assertThat(socket.getInputStream().read()).isEqualTo('H');
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\r\n"})
  void a_head_of_too_many_lines_is_refused_before_it_occupies_memory(String end) throws Exception {
    TestApi api = api(Map.of());
    Socket socket = connect(api);
    write(socket, "GET /health/live HTTP/1.1\r\nHost: x\r\n" + LINE.repeat(MANY) + end);

    assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
        .isEqualTo("HTTP/1.1 431");
    assertThat(unread(api)).isLessThan(READ_BUFFER + 200 * LEAST_PER_LINE);
  }

  @Test
  void the_start_of_a_chunk_without_data_counts() throws Exception {
    TestApi api = api(Map.of());
    String chunks = "1\r\na\r\n1;" + "x".repeat(LINES);
    write(connect(api), POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks);

    Awaitility.await().until(() -> unread(api) >= READ_BUFFER + LINES);
  }

  @Test
  void a_head_after_a_body_that_was_refused_counts_with_its_lines() throws Exception {
    TestApi api = api(Map.of());
    write(
        connect(api),
        WAITING
            + "\r\n"
            + POST
            + "Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"
            + "GET /health/live HTTP/1.1\r\nHost: x\r\n"
            + LINE.repeat(LINES));

    Awaitility.await().until(() -> unread(api) >= READ_BUFFER + LINES * LEAST_PER_LINE);
  }

  @Test
  void trailers_without_end_count_with_their_lines() throws Exception {
    TestApi api = api(Map.of());
    Socket socket = connect(api);
    write(
        socket,
        WAITING + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n" + LINE.repeat(MANY));

    Awaitility.await().until(() -> unread(api) >= MANY * LEAST_PER_LINE);
  }

  @Test
  void a_body_in_many_parts_does_not_count_as_a_head() throws Exception {
    int parts = 900;
    TestApi api = api(Map.of());
    Socket socket = connect(api);
    write(
        socket,
        POST + "Transfer-Encoding: chunked\r\n\r\n" + "4\r\n\n\n\n\n\r\n".repeat(parts) + "1\r\n");

    Awaitility.await()
        .until(() -> gauge(api, "postflight.gateway.buffered.bytes") >= 2048 + 4 * parts);
    assertThat(unread(api)).isLessThan(parts * LEAST_PER_LINE);
  }

  @Test
  void many_short_headers_count_with_what_they_become() throws Exception {
    TestApi api = api(Map.of());
    write(connect(api), WAITING + LINE.repeat(LINES) + "\r\n");

    Awaitility.await().until(() -> unread(api) >= LINES * LEAST_PER_LINE);
  }

  @Test
  void a_frame_without_end_counts_with_its_buffer() throws Exception {
    TestApi api = api(Map.of());
    Socket socket = connect(api);
    RawHttp2Client client = new RawHttp2Client(socket, 0);
    client.request("GET", "/nowhere", true, Map.of());
    client.flush();
    client.await(RawHttp2Client.HEADERS);
    // 16 KiB of DATA are announced.
    byte[] frame = new byte[15_000];
    frame[1] = 0x40;
    socket.getOutputStream().write(frame);

    Awaitility.await().until(() -> unread(api) >= frame.length);
    client.close();
    Awaitility.await().until(() -> unread(api) == 0);
  }

  @Test
  void frames_that_never_end_with_a_packet_do_not_accumulate() throws Exception {
    TestApi api = api(Map.of());
    Socket socket = connect(api);
    RawHttp2Client client = new RawHttp2Client(socket, 65_535);
    client.request("GET", "/nowhere", true, Map.of());
    client.flush();
    client.await(RawHttp2Client.DATA);
    int stream = client.request("POST", "/webhooks/whatsapp/acme", false, Map.of());
    client.flush();
    ByteBuffer frames = ByteBuffer.allocate(17 + 14 * 1_009);
    frames.put(new byte[] {0, 0, 8, RawHttp2Client.PING, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
    while (frames.hasRemaining()) {
      frames.put(new byte[] {0, 3, (byte) 0xE8, RawHttp2Client.DATA, 0, 0, 0, 0, (byte) stream});
      frames.put(new byte[1_000]);
    }
    OutputStream out = socket.getOutputStream();
    out.write(frames.array(), 0, 1);
    for (int i = 0; i < 10; i++) {
      out.write(frames.array(), 1, frames.capacity() - 1);
      out.write(frames.array(), 0, 1);
      assertThat(client.await(RawHttp2Client.PING).flags()).isEqualTo(1);
    }

    assertThat(unread(api)).isLessThanOrEqualTo(64 << 10);
    out.write(frames.array(), 1, 16);
    client.frame(RawHttp2Client.DATA, 1, stream, new byte[0]);
    client.flush();
    Awaitility.await().until(() -> unread(api) == 0);
  }

  /** PRIORITY, SETTINGS, PING without and with ACK, an unknown type. */
  @ParameterizedTest
  @CsvSource({"2, 0, 3, 5", "4, 0, 0, 16380", "6, 0, 0, 8", "6, 1, 0, 8", "250, 0, 0, 16384"})
  void a_whole_frame_of_any_type_is_not_unfinished(int type, int flags, int stream, int length)
      throws Exception {
    TestApi api = api(Map.of("maxUnreadPerConnection", "128KiB"));
    RawHttp2Client client = new RawHttp2Client(connect(api), 1 << 20);
    allowFrames(client);
    unread(client, 3 * (14 << 10));
    int number = Math.min(3_100, (120 << 10) / length);
    for (int i = 0; i < number; i++) {
      client.frame(type, flags, stream, new byte[length]);
    }
    client.frame(RawHttp2Client.PING, 0, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    client.flush();

    while (client.await(RawHttp2Client.PING).payload().get(0) != 1) {
      // Responses to the other ones.
    }
    assertThat(closed(api, "unread")).isZero();
  }

  /** Responses, each of which allows 24 more frames. */
  private static void allowFrames(RawHttp2Client client) throws IOException {
    client.frame(RawHttp2Client.WINDOW_UPDATE, 0, 0, new byte[] {16, 0, 0, 0});
    for (int i = 0; i < 90; i++) {
      client.request("GET", LARGE_PAGE, true, Map.of("authorization", "Bearer " + ACME_KEY));
      client.flush();
      while (client.await(RawHttp2Client.DATA).flags() == 0) {
        // The page has more than one.
      }
    }
  }

  @Test
  void a_header_block_without_end_counts() throws Exception {
    TestApi api = api(Map.of());
    RawHttp2Client client = client(api);
    client.frame(RawHttp2Client.HEADERS, 0, 1, new byte[15_000]);
    client.flush();

    Awaitility.await().until(() -> unread(api) >= 15_000);
  }

  @Test
  void heads_without_end_use_up_only_the_share_of_their_address() throws Exception {
    TestApi api = api(Map.of("maxUnreadPerConnection", "256KiB", "maxUnread", "2MiB"));
    for (int i = 0; i < 9; i++) {
      try {
        write(connect(api), "GET / HTTP/1.1\r\nHost: x\r\n" + LINE.repeat(LINES));
      } catch (IOException closed) {
        // Above the share.
      }
    }

    Awaitility.await()
        .until(() -> closed(api, "unread_of_address") > 0 && unread(api) <= 256 << 10);
    RawHttp2Client other = client(api, 2);
    other.request("GET", "/health/live", true, Map.of());
    other.flush();
    assertThat(other.await(RawHttp2Client.HEADERS).payload().get(0)).isEqualTo((byte) 0x88);
  }

  private static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static double unread(TestApi api) {
    return gauge(api, "postflight.http.unread.bytes");
  }
}
