package io.postflight.api.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.postflight.api.http.JsonBody;
import io.postflight.store.EventReader;
import io.postflight.store.Page;
import io.postflight.store.Position;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code {"items": [...], "nextCursor": ..., "partial": ...}}. Its size is limited like that of the
 * rows that are read: an escaped character is up to six times as long as in its row.
 */
final class PageJson {
  private PageJson() {}

  /** Writes one item. */
  @FunctionalInterface
  interface ItemWriter<T> {
    void write(JsonGenerator json, T item) throws IOException;
  }

  /**
   * A page, which ends early if it is too large.
   *
   * @param cursor encodes the position to continue after
   */
  static <T> JsonBody.Writer of(
      Page<T> page,
      Function<T, Position> position,
      Function<Position, String> cursor,
      ItemWriter<T> writer) {
    return json -> {
      json.writeStartObject();
      int written = items(json, page.items(), writer);
      boolean whole = written == page.items().size();
      Position next = whole ? page.next() : position.apply(page.items().get(written - 1));
      end(json, next == null ? null : cursor.apply(next), page.partial() || !whole);
    };
  }

  /**
   * All items.
   *
   * @param tooLarge the problem if they are more than a page may have
   */
  static <T> JsonBody.Writer whole(
      List<T> items, ItemWriter<T> writer, Supplier<? extends RuntimeException> tooLarge) {
    return json -> {
      json.writeStartObject();
      if (items(json, items, writer) < items.size()) {
        throw tooLarge.get();
      }
      end(json, null, false);
    };
  }

  /** Returns how many were written. */
  private static <T> int items(JsonGenerator json, List<T> items, ItemWriter<T> writer)
      throws IOException {
    json.writeArrayFieldStart("items");
    int written = 0;
    while (written < items.size()
        && (written == 0 || JsonBody.length(json) < EventReader.MAX_BYTES)) {
      writer.write(json, items.get(written));
      written++;
    }
    json.writeEndArray();
    return written;
  }

  private static void end(JsonGenerator json, @Nullable String cursor, boolean partial)
      throws IOException {
    json.writeStringField("nextCursor", cursor);
    json.writeBooleanField("partial", partial);
    json.writeEndObject();
  }
}
