package io.postflight.operations.replay;

import io.postflight.replay.Difference;
import io.postflight.store.Table;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A row that differs from the topic. Values of columns are not shown.
 *
 * @param table the table
 * @param key the columns of its primary key
 * @param difference kind of difference
 * @param detail human-readable
 * @param columns the columns that differ
 * @param topic topic of the record that the row is compared with
 * @param partition of the record
 * @param offset of the record
 * @param appendedAt when the record was appended, in RFC 3339
 * @param repair outcome of the repair
 */
public record DifferenceLine(
    String table,
    Map<String, Object> key,
    String difference,
    String detail,
    List<String> columns,
    String topic,
    int partition,
    long offset,
    String appendedAt,
    String repair) {
  /** The line of a difference. */
  public static DifferenceLine of(Difference difference) {
    return new DifferenceLine(
        difference.key().table().cqlName(),
        key(difference),
        difference.kind().name(),
        difference.detail(),
        difference.columns(),
        difference.topic(),
        difference.partition(),
        difference.offset(),
        time(difference.appendedAt()),
        difference.repair().name().toLowerCase(Locale.ROOT));
  }

  private static Map<String, Object> key(Difference difference) {
    var partition = difference.key().partition();
    Table table = difference.key().table();
    Map<String, Object> key = new LinkedHashMap<>();
    key.put("tenant", partition.tenant());
    switch (table) {
      case TIMELINE -> {
        key.put("user_id", partition.subject());
        key.put("bucket", time(partition.bucket()));
        key.put("shard", partition.shard());
        key.put("event_time", time(difference.key().time()));
        key.put("event_id", difference.key().id());
      }
      case IDENTITY -> key.put("alias", partition.subject());
      case MESSAGE -> key.put("message_id", partition.subject());
      case MESSAGE_BY_TIME -> {
        key.put("bucket", time(partition.bucket()));
        key.put("shard", partition.shard());
        key.put("listed_at", time(difference.key().time()));
        key.put("message_id", difference.key().id());
      }
    }
    return key;
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
