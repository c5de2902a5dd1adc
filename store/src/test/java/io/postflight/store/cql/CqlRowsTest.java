package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.KeyLimits;
import io.postflight.store.Row;
import io.postflight.store.RowReaderContract;
import io.postflight.store.Rows;
import io.postflight.store.StoreEnvironment;
import io.postflight.store.StoreSamples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CqlRowsTest extends RowReaderContract {
  @RegisterExtension
  static final CqlTables TABLES = CqlTables.of("rows", tenant -> StoreSamples.ONE_SHARD);

  @Override
  protected StoreEnvironment stores() {
    return TABLES;
  }

  @Test
  void a_removed_row_is_not_restored_and_other_rows_are_kept() {
    CqlEventStore store = TABLES.store(TIER);
    List<TierRecord> records =
        StoreSamples.lifecycle(
            TIER.name(),
            StoreSamples.event(tenant, "u", "m", Status.SENT, now() - 2_000),
            StoreSamples.event(tenant, "u", "m", Status.DELIVERED, now() - 1_000));
    records.forEach(record -> write(store, record));
    List<Row> gone = Rows.of(records.get(1), TIER);
    for (Row row : gone) {
      get(store.remove(row.key(), row.writeTimestampMicros()));
    }
    records.forEach(record -> write(store, record));

    assertThat(gone).allSatisfy(row -> assertThat(read(store, row)).isEmpty());
    Row neighbour = Rows.of(records.get(0), TIER).get(0);
    assertThat(read(store, neighbour)).isPresent();
  }

  @Test
  void the_limit_of_keys_is_that_of_the_database() {
    CqlSession session = TABLES.session;
    String insert =
        "INSERT INTO %s.message (tenant, message_id, revision) VALUES (?, ?, 1)"
            .formatted(TABLES.settings.keyspace());
    int max = KeyLimits.MAX_BYTES - 6 - tenant.length();

    assertThat(session.execute(insert, tenant, "x".repeat(max)).wasApplied()).isTrue();
    assertThatThrownBy(() -> session.execute(insert, tenant, "x".repeat(max + 1)))
        .isInstanceOf(InvalidQueryException.class)
        .hasMessageContaining("65535");
  }
}
