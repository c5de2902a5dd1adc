package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import com.datastax.oss.driver.api.core.type.codec.ExtraTypeCodecs;
import com.datastax.oss.driver.api.core.type.codec.MappingCodec;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import com.datastax.oss.driver.api.core.type.reflect.GenericType;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.message.MessageEdit;
import io.postflight.store.FactOrigin;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conversion of the values of {@link io.postflight.store.Row#cells()} to columns and back. */
enum CellType {
  TEXT {
    @Override
    ByteBuffer encode(Object value) {
      return CellBytes.text((String) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      return from.getString(i);
    }
  },
  /** Long of epoch milliseconds. */
  TIME {
    @Override
    ByteBuffer encode(Object value) {
      return CellBytes.time((Long) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      return from.get(i, MILLIS);
    }
  },
  /** Integer in a smallint. */
  NUMBER {
    @Override
    ByteBuffer encode(Object value) {
      return CellBytes.number((Integer) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      return from.isNull(i) ? null : Integer.valueOf(from.getShort(i));
    }
  },
  TEXT_MAP {
    @Override
    @SuppressWarnings("unchecked")
    ByteBuffer encode(Object value) {
      return CellBytes.texts((Map<String, String>) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      return from.isNull(i) ? null : from.get(i, TEXTS);
    }
  },
  TIME_MAP {
    @Override
    @SuppressWarnings("unchecked")
    ByteBuffer encode(Object value) {
      return CellBytes.times((Map<String, Long>) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      return from.isNull(i) ? null : from.get(i, TIMES);
    }
  },
  TEXT_LIST {
    @Override
    @SuppressWarnings("unchecked")
    ByteBuffer encode(Object value) {
      return CellBytes.texts((List<String>) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      return from.isNull(i) ? null : from.get(i, TEXT_VALUES);
    }
  },
  ERROR {
    @Override
    ByteBuffer encode(Object value) {
      return CellBytes.error((EventError) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      UdtValue value = from.getUdtValue(i);
      return value == null ? null : UserTypes.error(value);
    }
  },
  PRICE {
    @Override
    ByteBuffer encode(Object value) {
      return CellBytes.price((Price) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      UdtValue value = from.getUdtValue(i);
      return value == null ? null : UserTypes.price(value);
    }
  },
  EDIT {
    @Override
    ByteBuffer encode(Object value) {
      return CellBytes.edit((MessageEdit) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      UdtValue value = from.getUdtValue(i);
      return value == null ? null : UserTypes.edit(value);
    }
  },
  ORIGINS {
    @Override
    @SuppressWarnings("unchecked")
    ByteBuffer encode(Object value) {
      return CellBytes.origins((List<FactOrigin>) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      List<UdtValue> origins = from.isNull(i) ? null : from.getList(i, UdtValue.class);
      return origins == null ? null : origins.stream().map(UserTypes::origin).toList();
    }
  },
  LINKS {
    @Override
    @SuppressWarnings("unchecked")
    ByteBuffer encode(Object value) {
      return CellBytes.links((List<AliasLink>) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      List<UdtValue> links = from.isNull(i) ? null : from.getList(i, UdtValue.class);
      return links == null ? null : links.stream().map(UserTypes::link).toList();
    }
  },
  /** Map of epoch milliseconds to Integer, not frozen: elements are added. */
  LISTINGS {
    @Override
    @SuppressWarnings("unchecked")
    ByteBuffer encode(Object value) {
      return CellBytes.listings((Map<Long, Integer>) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      return from.isNull(i) ? null : from.get(i, SHARDS_BY_TIME);
    }

    @Override
    boolean addedTo() {
      return true;
    }
  };

  // Looking a codec up by the types of a map costs more than encoding the map.
  private static final TypeCodec<Long> MILLIS = ExtraTypeCodecs.TIMESTAMP_MILLIS_UTC;
  private static final TypeCodec<Map<String, Long>> TIMES =
      TypeCodecs.mapOf(TypeCodecs.TEXT, MILLIS);
  private static final TypeCodec<Map<String, String>> TEXTS =
      TypeCodecs.mapOf(TypeCodecs.TEXT, TypeCodecs.TEXT);
  private static final TypeCodec<List<String>> TEXT_VALUES = TypeCodecs.listOf(TypeCodecs.TEXT);
  private static final TypeCodec<Map<Long, Integer>> SHARDS_BY_TIME =
      TypeCodecs.mapOf(MILLIS, new SmallIntCodec());

  /** A value as the protocol encodes it. */
  abstract ByteBuffer encode(Object value);

  /** Whether a write adds elements, each a cell with its own write timestamp. */
  boolean addedTo() {
    return false;
  }

  /** The value of a column; null if it is not set. */
  abstract @Nullable Object get(Row from, int i);

  /** An Integer in a smallint. */
  private static final class SmallIntCodec extends MappingCodec<Short, Integer> {
    private SmallIntCodec() {
      super(TypeCodecs.SMALLINT, GenericType.INTEGER);
    }

    @Override
    protected @Nullable Integer innerToOuter(@Nullable Short value) {
      return value == null ? null : (int) value;
    }

    @Override
    protected @Nullable Short outerToInner(@Nullable Integer value) {
      return value == null ? null : value.shortValue();
    }
  }
}
