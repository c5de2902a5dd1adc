package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.store.ErasureContract;
import io.postflight.store.EventStore;
import io.postflight.store.Samples;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CqlErasureTest extends ErasureContract {
  private static CqlTables tables;

  @BeforeAll
  static void createTables() {
    tables =
        new CqlTables(CqlTables.settings(SharedServers.uniqueName("erasure")), tenant -> SHARDS);
  }

  @AfterAll
  static void close() {
    tables.close();
  }

  @Override
  protected EventStore store(Tier tier) {
    return tables.store(tier);
  }

  @Override
  protected long now() {
    return System.currentTimeMillis();
  }

  @Override
  protected void letPass(Duration time) {
    CqlTables.letPass(time);
  }

  @Override
  protected List<String> dump(Table table, String tenant) {
    return tables.dump(table, tenant);
  }

  @Test
  void a_user_with_more_rows_than_a_page_is_erased_in_one_go() {
    long time = now() - Duration.ofDays(2).toMillis();
    for (int i = 0; i < 700; i++) {
      write(life("m" + i, USER, time + i * 100L).subList(0, 2));
    }
    for (int i = 0; i < 700; i++) {
      write(Samples.timeline(Samples.action(tenant, USER, "viewed", time + i * 100L), 3));
    }

    long rows = erase(user(USER, now()));

    assertThat(rows).isEqualTo(700 * (1 + 1 + 2 + 1) + 3);
    assertThat(everything(tenant)).isEmpty();
  }

  @Test
  void what_a_redaction_writes_dies_with_its_message() {
    long born = now() - Duration.ofDays(10).toMillis();
    write(life("m1", USER, born));
    erase(redaction("m1", List.of("body", "error"), now()));

    long expected = (born + Duration.ofDays(30).toMillis() - now()) / 1000;
    Row message = select("TTL(redacted)", "message", "message_id = 'm1'");
    Row latest = select("TTL(event)", "latest", "type = 'message.failed'");
    assertThat((long) message.getInt(0)).isCloseTo(expected, within(2L));
    assertThat((long) latest.getInt(0)).isCloseTo(expected, within(2L));
  }

  @Test
  void a_redaction_that_crossed_an_erasure_leaves_no_message_and_goes_with_the_next_attempt() {
    tables.session.execute(
        ("UPDATE %s.message USING TIMESTAMP %d AND TTL 60 SET redacted = ['body']"
                + " WHERE tenant = '%s' AND message_id = 'm1'")
            .formatted(tables.settings.keyspace(), (now() + 5_000) * 1_000, tenant));
    assertThat(get(store(TIER).message(tenant, "m1"))).isEmpty();

    assertThat(erase(message("m1", now()))).isZero();

    assertThat(select("COUNT(*)", "message", "message_id = 'm1'").getLong(0)).isZero();
  }

  private Row select(String what, String table, String where) {
    Row row =
        tables
            .session
            .execute(
                "SELECT %s FROM %s.%s WHERE tenant = '%s' AND %s ALLOW FILTERING"
                    .formatted(what, tables.settings.keyspace(), table, tenant, where))
            .one();
    return Objects.requireNonNull(row);
  }
}
