package io.postflight.api.query;

import io.postflight.api.http.Params;
import io.postflight.schema.signature.Digests;
import io.postflight.store.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opaque cursors: the end of a page, and the time bounds of its first page (a relative {@code
 * since} would move from page to page), signed together with tenant and filter.
 */
final class Cursors {
  private static final byte VERSION = 1;
  private static final int MAC_BYTES = 16;
  private static final int FIXED_BYTES = 1 + 3 * Long.BYTES;
  private static final int MAX_LENGTH = 4096;

  private final CursorSecret secret;

  Cursors(CursorSecret secret) {
    this.secret = secret;
  }

  /**
   * A decoded cursor.
   *
   * @param since lower bound in time, epoch milliseconds; null: none
   * @param until upper bound in time, epoch milliseconds; null: none
   * @param after position of the last item; null: the first page
   */
  record CursorBounds(@Nullable Long since, @Nullable Long until, @Nullable Position after) {}

  /**
   * What a cursor is bound to: kind of query, tenant, subject and the filter as given.
   *
   * @param filter names of the parameters of the filter
   */
  static String scope(
      String query, String tenant, String subject, Params params, List<String> filter) {
    StringBuilder scope = new StringBuilder();
    append(scope, query);
    append(scope, tenant);
    append(scope, subject);
    for (String name : filter) {
      String value = params.text(name);
      append(scope, name);
      append(scope, value == null ? "" : value);
    }
    return scope.toString();
  }

  /** Length-prefixed, so that distinct parts give distinct texts. */
  private static void append(StringBuilder scope, String part) {
    scope.append(part.length()).append(':').append(part);
  }

  /**
   * The bounds and position of a page: those of the parameter {@code cursor}, or else of a first
   * page.
   *
   * @throws io.postflight.api.http.Problem 400 if the cursor does not belong to this scope
   */
  CursorBounds place(String scope, Params params, @Nullable Long since, @Nullable Long until) {
    String cursor = params.any("cursor");
    return cursor == null ? new CursorBounds(since, until, null) : read(scope, cursor);
  }

  /** Encodes a cursor that continues after a position, with the bounds of its page. */
  String write(String scope, CursorBounds page, Position after) {
    byte[] id = after.id().getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(FIXED_BYTES + id.length + MAC_BYTES);
    buffer.put(VERSION);
    buffer.putLong(after.time());
    buffer.putLong(page.since() == null ? Long.MIN_VALUE : page.since());
    buffer.putLong(page.until() == null ? Long.MAX_VALUE : page.until());
    buffer.put(id);
    buffer.put(mac(scope, Arrays.copyOf(buffer.array(), buffer.position())));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
  }

  private CursorBounds read(String scope, String cursor) {
    byte[] bytes = decode(cursor);
    if (bytes.length < FIXED_BYTES + MAC_BYTES || bytes[0] != VERSION) {
      throw foreign(cursor);
    }
    byte[] content = Arrays.copyOf(bytes, bytes.length - MAC_BYTES);
    byte[] given = Arrays.copyOfRange(bytes, content.length, bytes.length);
    if (!MessageDigest.isEqual(mac(scope, content), given)) {
      throw foreign(cursor);
    }
    ByteBuffer buffer = ByteBuffer.wrap(content, 1, content.length - 1);
    long time = buffer.getLong();
    long since = buffer.getLong();
    long until = buffer.getLong();
    String id =
        new String(content, FIXED_BYTES, content.length - FIXED_BYTES, StandardCharsets.UTF_8);
    return new CursorBounds(
        since == Long.MIN_VALUE ? null : since,
        until == Long.MAX_VALUE ? null : until,
        new Position(time, id));
  }

  private static byte[] decode(String cursor) {
    if (cursor.length() > MAX_LENGTH) {
      throw foreign(cursor);
    }
    try {
      return Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException malformed) {
      throw foreign(cursor);
    }
  }

  private static RuntimeException foreign(String cursor) {
    return Params.bad("cursor", cursor, "a nextCursor of the same tenant and parameters");
  }

  private byte[] mac(String scope, byte[] content) {
    byte[] text = scope.getBytes(StandardCharsets.UTF_8);
    byte[] all =
        ByteBuffer.allocate(Integer.BYTES + text.length + content.length)
            .putInt(text.length)
            .put(text)
            .put(content)
            .array();
    return Arrays.copyOf(Digests.hmacSha256(secret.key(), all), MAC_BYTES);
  }
}
