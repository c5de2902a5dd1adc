package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.MessageColumns;
import io.postflight.store.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns of a table outside its primary key, in the order in which statements name them.
 *
 * @param list the columns
 */
record Columns(List<Column> list) {
  /** A column. */
  record Column(String name, CellType type) {}

  static final Columns TIMELINE =
      of(
          text("message_id"),
          text("alias"),
          text("type"),
          text("status"),
          text("provider"),
          text("provider_status"),
          text("channel"),
          text("direction"),
          text("error_code"),
          text("event_time_source"),
          new Column("attributes", CellType.TEXT_MAP));

  static final Columns MESSAGE =
      of(
          new Column("created_at", CellType.TIME),
          new Column("listed_at", CellType.TIME),
          new Column("revision", CellType.NUMBER),
          new Column("listing_shards", CellType.NUMBER),
          new Column("times", CellType.TIME_MAP),
          new Column("unconfirmed_at", CellType.TIME),
          text("user_id"),
          text("alias"),
          text("provider"),
          text("channel"),
          text("direction"),
          text("sender"),
          text("recipient"),
          text("body"),
          new Column("attributes", CellType.TEXT_MAP),
          new Column("texts", CellType.TEXT_MAP),
          new Column("error", CellType.ERROR),
          new Column("price", CellType.PRICE),
          new Column("edited_at", CellType.TIME),
          new Column(MessageColumns.EDIT, CellType.EDIT),
          new Column("revoked_at", CellType.TIME),
          new Column("origins", CellType.ORIGINS),
          new Column("redacted", CellType.TEXT_LIST),
          new Column(MessageColumns.LISTINGS, CellType.LISTINGS));

  static final Columns MESSAGE_BY_TIME =
      of(
          new Column("created_at", CellType.TIME),
          new Column("revision", CellType.NUMBER),
          new Column("times", CellType.TIME_MAP),
          new Column("unconfirmed_at", CellType.TIME),
          text("user_id"),
          text("alias"),
          text("provider"),
          text("channel"),
          text("direction"),
          text("error_code"));

  static final Columns IDENTITY = of(new Column("links", CellType.LINKS));

  /** The columns of a table outside its primary key. */
  static Columns of(Table table) {
    return switch (table) {
      case TIMELINE -> TIMELINE;
      case MESSAGE -> MESSAGE;
      case MESSAGE_BY_TIME -> MESSAGE_BY_TIME;
      case IDENTITY -> IDENTITY;
    };
  }

  private static Columns of(Column... columns) {
    return new Columns(List.of(columns));
  }

  private static Column text(String name) {
    return new Column(name, CellType.TEXT);
  }

  /**
   * Assignments with bind markers, separated by commas; elements are added to collections that are
   * written by element.
   */
  String assignments() {
    return String.join(
        ", ",
        list.stream()
            .map(
                column ->
                    column.type().addedTo()
                        ? "%s = %s + ?".formatted(column.name(), column.name())
                        : column.name() + " = ?")
            .toList());
  }

  /** Names, separated by commas. */
  String names() {
    return String.join(", ", list.stream().map(Column::name).toList());
  }

  /** Reads cells from an index on. */
  Map<String, Object> read(Row row, int from) {
    Map<String, Object> cells = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      Object value = list.get(i).type().get(row, from + i);
      if (value != null) {
        cells.put(list.get(i).name(), value);
      }
    }
    return cells;
  }
}
