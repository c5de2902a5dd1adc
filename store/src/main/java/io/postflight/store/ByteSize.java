package io.postflight.store;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.message.MessageEdit;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Size of values in a request, in bytes. */
final class ByteSize {
  /** Length prefix of a value. */
  private static final int PREFIX = 4;

  private ByteSize() {}

  static int of(Map<String, ? extends @Nullable Object> cells) {
    int size = 0;
    for (Object value : cells.values()) {
      size += of(value);
    }
    return size;
  }

  static int of(@Nullable Object value) {
    if (value == null) {
      return PREFIX;
    }
    return PREFIX + content(value);
  }

  private static int content(Object value) {
    if (value instanceof String text) {
      return utf8(text);
    }
    if (value instanceof Map<?, ?> map) {
      int size = PREFIX;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        size += of(entry.getKey()) + of(entry.getValue());
      }
      return size;
    }
    if (value instanceof Collection<?> collection) {
      int size = PREFIX;
      for (Object element : collection) {
        size += of(element);
      }
      return size;
    }
    if (value instanceof FactOrigin origin) {
      return 18 + of(origin.eventId()) + of(origin.facts());
    }
    if (value instanceof EventError error) {
      return of(error.getCode()) + of(error.getTitle()) + of(error.getDetail());
    }
    if (value instanceof Price price) {
      return of(price.getAmount()) + of(price.getCurrency()) + of(price.getCategory()) + PREFIX + 1;
    }
    if (value instanceof MessageEdit edit) {
      return PREFIX + Long.BYTES + of(edit.getEventId()) + of(edit.getBody());
    }
    if (value instanceof AliasLink link) {
      return PREFIX + 2 * Long.BYTES + of(link.getAlias()) + of(link.getRelation().name());
    }
    return Long.BYTES;
  }

  /** Length in UTF-8 without encoding; a lone surrogate counts 3. */
  static int utf8(String text) {
    int size = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        size++;
      } else if (c < 0x800) {
        size += 2;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        size += 4;
        i++;
      } else {
        size += 3;
      }
    }
    return size;
  }
}
