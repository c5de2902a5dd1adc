package io.postflight.bench.sink;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.identity.AliasLink;
import io.postflight.store.FactOrigin;
import io.postflight.store.IdentityRow;
import io.postflight.store.ListingRow;
import io.postflight.store.MessageRow;
import io.postflight.store.PartitionKey;
import io.postflight.store.Row;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineRow;
import io.postflight.store.cql.CellBytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements that write rows, hand-written for speed. They write what the store's write. */
final class PlainRows {
  private final PreparedStatement timeline;
  private final PreparedStatement message;
  private final PreparedStatement listing;
  private final PreparedStatement identity;

  /** A column outside the primary key, and the encoding of its values. */
  private record Column(String name, Function<Object, ByteBuffer> encoding) {}

  private static final List<Column> MESSAGE =
      List.of(
          time("created_at"),
          time("listed_at"),
          number("revision"),
          number("listing_shards"),
          times("times"),
          time("unconfirmed_at"),
          text("user_id"),
          text("alias"),
          text("provider"),
          text("channel"),
          text("direction"),
          text("sender"),
          text("recipient"),
          text("body"),
          texts("attributes"),
          texts("texts"),
          new Column("error", value -> CellBytes.error((EventError) value)),
          new Column("price", value -> CellBytes.price((Price) value)),
          new Column("origins", value -> CellBytes.origins(PlainRows.<FactOrigin>list(value))),
          new Column("redacted", value -> CellBytes.texts(PlainRows.<String>list(value))),
          new Column("listings", value -> CellBytes.listings(PlainRows.<Long, Integer>map(value))));

  private static final List<Column> LISTING =
      List.of(
          time("created_at"),
          number("revision"),
          times("times"),
          time("unconfirmed_at"),
          text("user_id"),
          text("alias"),
          text("provider"),
          text("channel"),
          text("direction"),
          text("error_code"));

  private static final List<Column> IDENTITY =
      List.of(new Column("links", value -> CellBytes.links(PlainRows.<AliasLink>list(value))));

  private PlainRows(
      PreparedStatement timeline,
      PreparedStatement message,
      PreparedStatement listing,
      PreparedStatement identity) {
    this.timeline = timeline;
    this.message = message;
    this.listing = listing;
    this.identity = identity;
  }

  /** Prepares the statements in the session's keyspace. */
  static PlainRows prepare(CqlSession session) {
    return new PlainRows(
        session.prepare(
            "UPDATE timeline USING TIMESTAMP ? AND TTL ? SET message_id = ?, alias = ?, type = ?, status = ?,"
                + " provider = ?, provider_status = ?, channel = ?, direction = ?, error_code = ?,"
                + " event_time_source = ?, attributes = ?, last[?] = ? WHERE tenant = ? AND"
                + " user_id = ? AND bucket = ? AND shard = ? AND event_time = ? AND event_id = ?"),
        session.prepare(
            "UPDATE message USING TIMESTAMP ? AND TTL ? SET "
                + String.join(", ", MESSAGE.stream().map(PlainRows::assignment).toList())
                + " WHERE tenant = ? AND message_id = ?"),
        session.prepare(
            "INSERT INTO message_by_time (tenant, bucket, shard, listed_at, message_id, "
                + String.join(", ", LISTING.stream().map(Column::name).toList())
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " USING TIMESTAMP ? AND TTL ?"),
        session.prepare(
            "UPDATE identity USING TIMESTAMP ? SET links = ? WHERE tenant = ? AND alias = ?"));
  }

  /** Elements are added to the places of a message; other columns are replaced. */
  private static String assignment(Column column) {
    return column.name() + (column.name().equals("listings") ? " = listings + ?" : " = ?");
  }

  /** The statement that writes a row. */
  BoundStatement bind(Row row, int ttlSeconds) {
    if (row instanceof TimelineRow each) {
      return bind(each, ttlSeconds);
    }
    if (row instanceof MessageRow each) {
      return bind(each, ttlSeconds);
    }
    return row instanceof ListingRow each ? bind(each, ttlSeconds) : bind((IdentityRow) row);
  }

  private BoundStatement bind(IdentityRow row) {
    return new Values(identity)
        .addTime(row)
        .add(IDENTITY, row.cells())
        .add(CellBytes.text(row.partition().tenant()))
        .add(CellBytes.text(row.partition().subject()))
        .build();
  }

  private BoundStatement bind(TimelineRow row, int ttlSeconds) {
    PartitionKey key = row.partition();
    TimelineItem event = row.event();
    Values values =
        new Values(timeline)
            .addWrite(row, ttlSeconds)
            .addText(event.messageId())
            .addText(event.alias())
            .addText(event.type())
            .addText(event.status().name())
            .addText(event.provider())
            .addText(event.providerStatus())
            .addText(event.channel())
            .addText(event.direction().name())
            .addText(event.errorCode())
            .addText(event.eventTimeSource().name());
    if (event.attributes().isEmpty()) {
      values.skip();
    } else {
      values.add(CellBytes.texts(event.attributes()));
    }
    return values
        .addText(event.type())
        .add(CellBytes.pointer(row.pointer()))
        .add(CellBytes.text(key.tenant()))
        .add(CellBytes.text(key.subject()))
        .add(CellBytes.time(key.bucket()))
        .add(CellBytes.number(key.shard()))
        .add(CellBytes.time(event.eventTime()))
        .add(CellBytes.text(event.eventId()))
        .build();
  }

  private BoundStatement bind(MessageRow row, int ttlSeconds) {
    return new Values(message)
        .addWrite(row, ttlSeconds)
        .add(MESSAGE, row.cells())
        .add(CellBytes.text(row.partition().tenant()))
        .add(CellBytes.text(row.partition().subject()))
        .build();
  }

  private BoundStatement bind(ListingRow row, int ttlSeconds) {
    PartitionKey key = row.partition();
    return new Values(listing)
        .add(CellBytes.text(key.tenant()))
        .add(CellBytes.time(key.bucket()))
        .add(CellBytes.number(key.shard()))
        .add(CellBytes.time(row.key().time()))
        .add(CellBytes.text(row.revision().getMessageId()))
        .add(LISTING, row.cells())
        .written(row, ttlSeconds);
  }

  /** The values of a statement, in the order of its markers; one that is skipped stays unset. */
  private static final class Values {
    private final BoundStatementBuilder statement;
    private int next;

    Values(PreparedStatement prepared) {
      statement = prepared.boundStatementBuilder();
    }

    @SuppressWarnings("CheckReturnValue") // the builder itself
    Values add(ByteBuffer value) {
      statement.setBytesUnsafe(next++, value);
      return this;
    }

    Values addText(@Nullable String value) {
      return value == null ? skip() : add(CellBytes.text(value));
    }

    Values skip() {
      next++;
      return this;
    }

    @SuppressWarnings("CheckReturnValue") // the builder itself
    Values add(List<Column> columns, Map<String, @Nullable Object> cells) {
      for (Column column : columns) {
        Object value = cells.get(column.name());
        if (value != null) {
          add(column.encoding().apply(value));
        } else {
          if (cells.containsKey(column.name())) {
            statement.setToNull(next);
          }
          skip();
        }
      }
      return this;
    }

    @SuppressWarnings("CheckReturnValue") // the builder itself
    Values addTime(Row row) {
      statement.setLong(next++, row.writeTimestampMicros());
      return this;
    }

    @SuppressWarnings("CheckReturnValue") // the builder itself
    Values addWrite(Row row, int ttlSeconds) {
      statement.setLong(next++, row.writeTimestampMicros()).setInt(next++, ttlSeconds);
      return this;
    }

    BoundStatement written(Row row, int ttlSeconds) {
      return addWrite(row, ttlSeconds).build();
    }

    BoundStatement build() {
      return statement.build();
    }
  }

  private static Column text(String name) {
    return new Column(name, value -> CellBytes.text((String) value));
  }

  private static Column time(String name) {
    return new Column(name, value -> CellBytes.time((Long) value));
  }

  private static Column number(String name) {
    return new Column(name, value -> CellBytes.number((Integer) value));
  }

  private static Column times(String name) {
    return new Column(name, value -> CellBytes.times(PlainRows.<String, Long>map(value)));
  }

  private static Column texts(String name) {
    return new Column(name, value -> CellBytes.texts(PlainRows.<String, String>map(value)));
  }

  @SuppressWarnings("unchecked") // the type of the column
  private static <K, V> Map<K, V> map(Object value) {
    return (Map<K, V>) value;
  }

  @SuppressWarnings("unchecked") // the type of the column
  private static <E> List<E> list(Object value) {
    return (List<E>) value;
  }
}
