package io.postflight.store;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.tenant.ShardVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Base of the contracts about privacy commands. */
public abstract class CommandContract extends StoreContract {

  /** Timeline shards in all tests. */
  public static final List<ShardVersion> SHARDS = List.of(new ShardVersion(3, 0L));

  protected static final long DAY = Duration.ofDays(1).toMillis();

  /**
   * A message that was sent, failed and delivered, and read after its first lifecycle had been
   * dropped.
   */
  protected void startSecondLifecycle(String messageId, long first, long again) {
    write(lifecycle(messageId, USER, first));
    write(
        StoreSamples.lifecycle(
            TIER.name(), StoreSamples.event(tenant, USER, messageId, Status.READ, again)));
  }

  protected long erase(Erasure command) {
    return get(store(TIER).erase(command, ErasureTimes.micros(command)));
  }

  protected Erasure message(String messageId, long at) {
    return Erasure.newBuilder()
        .setId("e-" + messageId)
        .setTenant(tenant)
        .setMessageId(messageId)
        .setAt(at)
        .build();
  }

  protected Erasure user(String user, long at) {
    return Erasure.newBuilder()
        .setId("e-" + user)
        .setTenant(tenant)
        .setUserId(user)
        .setAt(at)
        .build();
  }

  protected Erasure redaction(String messageId, List<String> fields, long at) {
    return Erasure.newBuilder(message(messageId, at)).setFields(fields).build();
  }

  /** A message that was sent, failed and then delivered: 1 + 1 + 3 + 3 rows. */
  protected List<TierRecord> lifecycle(String messageId, String user, long time) {
    return lifecycle(messageId, user, time, tenant);
  }

  protected static List<TierRecord> lifecycle(
      String messageId, String user, long time, String ofTenant) {
    return StoreSamples.lifecycle(
        TIER.name(),
        StoreSamples.event(ofTenant, user, messageId, Status.SENT, time),
        StoreSamples.event(ofTenant, user, messageId, Status.FAILED, time + 1_000),
        StoreSamples.event(ofTenant, user, messageId, Status.DELIVERED, time + 2_000));
  }

  protected void write(List<TierRecord> records) {
    records.forEach(this::write);
  }

  protected void write(TierRecord record) {
    write(store(TIER), record);
  }

  /** All rows of a tenant. */
  protected List<String> allRows(String ofTenant) {
    List<String> rows = new ArrayList<>();
    for (Table table : Table.values()) {
      rows.addAll(dump(table, ofTenant));
    }
    return rows;
  }

  protected MessageFacts facts(String messageId) {
    MessageRevision message = get(store(TIER).message(tenant, messageId)).orElseThrow();
    return message.getFacts();
  }
}
