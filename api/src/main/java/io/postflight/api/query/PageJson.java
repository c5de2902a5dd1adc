package io.postflight.api.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.postflight.api.http.JsonBody;
import io.postflight.store.Position;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code {"items": [...], "nextCursor": ..., "partial": ...}}. */
final class PageJson {
  /** Writes one item. */
  @FunctionalInterface
  interface ItemWriter<T> {
    void write(JsonGenerator json, T item) throws IOException;
  }

  private PageJson() {}

  /**
   * Encodes a page.
   *
   * @param cursor encodes the position to continue from
   */
  static <T> byte[] json(
      PageMerger.Part<T> page, Function<Position, String> cursor, ItemWriter<T> writer) {
    Position next = page.next();
    return json(page.items(), next == null ? null : cursor.apply(next), page.partial(), writer);
  }

  static <T> byte[] json(
      List<T> items, @Nullable String nextCursor, boolean partial, ItemWriter<T> writer) {
    return JsonBody.bytes(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("items");
          for (T item : items) {
            writer.write(json, item);
          }
          json.writeEndArray();
          if (nextCursor == null) {
            json.writeNullField("nextCursor");
          } else {
            json.writeStringField("nextCursor", nextCursor);
          }
          json.writeBooleanField("partial", partial);
          json.writeEndObject();
        });
  }
}
