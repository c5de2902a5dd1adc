package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.store.FactOrigin;
import io.postflight.store.TimelineItem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Conversion of the values of {@link io.postflight.store.Row#cells()} to columns and back. */
enum CellType {
  TEXT {
    @Override
    BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type) {
      return to.setString(i, (String) value);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      return from.getString(i);
    }
  },
  /** Long of epoch milliseconds. */
  TIME {
    @Override
    BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type) {
      return to.setInstant(i, Instant.ofEpochMilli((Long) value));
    }

    @Override
    @Nullable Object get(Row from, int i) {
      Instant value = from.getInstant(i);
      return value == null ? null : value.toEpochMilli();
    }
  },
  /** Integer in a smallint. */
  NUMBER {
    @Override
    BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type) {
      return to.setShort(i, ((Integer) value).shortValue());
    }

    @Override
    @Nullable Object get(Row from, int i) {
      return from.isNull(i) ? null : Integer.valueOf(from.getShort(i));
    }
  },
  TEXT_MAP {
    @Override
    @SuppressWarnings("unchecked")
    BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type) {
      return to.setMap(i, (Map<String, String>) value, String.class, String.class);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      return from.isNull(i) ? null : from.getMap(i, String.class, String.class);
    }
  },
  TIME_MAP {
    @Override
    @SuppressWarnings("unchecked")
    BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type) {
      Map<String, Instant> times = new TreeMap<>();
      ((Map<String, Long>) value)
          .forEach((status, time) -> times.put(status, Instant.ofEpochMilli(time)));
      return to.setMap(i, times, String.class, Instant.class);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      Map<String, Instant> times =
          from.isNull(i) ? null : from.getMap(i, String.class, Instant.class);
      if (times == null) {
        return null;
      }
      Map<String, Long> millis = new TreeMap<>();
      times.forEach((status, time) -> millis.put(status, time.toEpochMilli()));
      return millis;
    }
  },
  TEXT_LIST {
    @Override
    @SuppressWarnings("unchecked")
    BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type) {
      return to.setList(i, (List<String>) value, String.class);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      return from.isNull(i) ? null : from.getList(i, String.class);
    }
  },
  ERROR {
    @Override
    BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type) {
      return to.setUdtValue(i, UserTypes.error((UserDefinedType) type, (EventError) value));
    }

    @Override
    @Nullable Object get(Row from, int i) {
      UdtValue value = from.getUdtValue(i);
      return value == null ? null : UserTypes.error(value);
    }
  },
  PRICE {
    @Override
    BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type) {
      return to.setUdtValue(i, UserTypes.price((UserDefinedType) type, (Price) value));
    }

    @Override
    @Nullable Object get(Row from, int i) {
      UdtValue value = from.getUdtValue(i);
      return value == null ? null : UserTypes.price(value);
    }
  },
  ORIGINS {
    @Override
    @SuppressWarnings("unchecked")
    BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type) {
      UserDefinedType element = (UserDefinedType) ((ListType) type).getElementType();
      List<UdtValue> origins =
          ((List<FactOrigin>) value)
              .stream().map(origin -> UserTypes.origin(element, origin)).toList();
      return to.setList(i, origins, UdtValue.class);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      List<UdtValue> origins = from.isNull(i) ? null : from.getList(i, UdtValue.class);
      return origins == null ? null : origins.stream().map(UserTypes::origin).toList();
    }
  },
  /** Map of epoch milliseconds to Integer, not frozen: elements are added. */
  LISTINGS {
    @Override
    @SuppressWarnings("unchecked")
    BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type) {
      Map<Instant, Short> listings = new TreeMap<>();
      ((Map<Long, Integer>) value)
          .forEach(
              (listedAt, shards) ->
                  listings.put(Instant.ofEpochMilli(listedAt), shards.shortValue()));
      return to.setMap(i, listings, Instant.class, Short.class);
    }

    @Override
    @Nullable Object get(Row from, int i) {
      Map<Instant, Short> listings =
          from.isNull(i) ? null : from.getMap(i, Instant.class, Short.class);
      if (listings == null) {
        return null;
      }
      Map<Long, Integer> millis = new TreeMap<>();
      listings.forEach((listedAt, shards) -> millis.put(listedAt.toEpochMilli(), (int) shards));
      return millis;
    }

    @Override
    boolean addedTo() {
      return true;
    }
  },
  EVENT {
    @Override
    BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type) {
      return to.setUdtValue(i, UserTypes.event((UserDefinedType) type, (TimelineItem) value));
    }

    @Override
    @Nullable Object get(Row from, int i) {
      UdtValue value = from.getUdtValue(i);
      return value == null ? null : UserTypes.event(value);
    }
  };

  /** Binds a value; {@code type} is the column's type, for user-defined types. */
  abstract BoundStatementBuilder set(BoundStatementBuilder to, int i, Object value, DataType type);

  /** Whether a write adds elements, each a cell with its own write timestamp. */
  boolean addedTo() {
    return false;
  }

  /** The value of a column; null if it is not set. */
  abstract @Nullable Object get(Row from, int i);
}
