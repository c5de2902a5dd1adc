package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.state.LifecycleState;
import io.postflight.topology.punctuation.IncrementalWork;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Erases the held lives of erased users. A life does not say in its key whose it is, so a user's
 * command has the lives of his tenant looked through: some at a time between two records, and from
 * where it had come after a restart. Until then the command holds all the same, since whoever
 * touches a life asks the marks first.
 *
 * <p>A tenant has one walk, which serves all commands that were there when it began. One that comes
 * on the way has the tenant walked through once more, so that a stream of commands does not send
 * the walk back to its start over and over.
 */
final class UserErasureScan implements IncrementalWork {
  /** LifecycleReducer looked at before another tenant has its turn. */
  private static final int BATCH = 32;

  private final KeyValueStore<String, String> walks;
  private final LifecycleStore lives;
  private final RetainedCommands marks;
  private final Eraser eraser;
  private String lastTenant = "";

  /** Nearly always there is no walk: then nothing is to be read. */
  private boolean idle;

  /**
   * Where a walk is.
   *
   * @param again whether it has to begin anew once it is through
   * @param after the last life looked at; empty: none yet
   */
  record Walk(boolean again, String after) {
    static Walk parse(String text) {
      return new Walk(text.charAt(0) == '+', text.substring(1));
    }

    String text() {
      return (again ? '+' : '-') + after;
    }
  }

  /**
   * @param walks progress by tenant
   */
  UserErasureScan(
      KeyValueStore<String, String> walks,
      LifecycleStore lives,
      RetainedCommands marks,
      Eraser eraser) {
    this.walks = walks;
    this.lives = lives;
    this.marks = marks;
    this.eraser = eraser;
  }

  /** Has the tenant's lives looked through. */
  void begin(String tenant) {
    idle = false;
    String walk = walks.get(tenant);
    boolean underWay = walk != null && !Walk.parse(walk).after().isEmpty();
    walks.put(tenant, new Walk(underWay, underWay ? Walk.parse(walk).after() : "").text());
  }

  /** Also true before it is known whether a walk was left by an earlier instance. */
  @Override
  public boolean pending() {
    return !idle;
  }

  @Override
  public void step() {
    KeyValue<String, String> walk = next();
    if (walk == null) {
      idle = true;
      return;
    }
    lastTenant = walk.key;
    proceed(walk.key, Walk.parse(walk.value));
  }

  private void proceed(String tenant, Walk walk) {
    List<KeyValue<String, LifecycleState>> batch = lives.ofTenant(tenant, walk.after(), BATCH);
    for (KeyValue<String, LifecycleState> life : batch) {
      Erasure by = ErasureRules.ofLife(life.value, marks);
      if (by != null) {
        eraser.erase(life.key, life.value, by);
      }
    }
    if (batch.size() == BATCH) {
      walks.put(tenant, new Walk(walk.again(), batch.get(BATCH - 1).key).text());
    } else if (walk.again()) {
      walks.put(tenant, new Walk(false, "").text());
    } else {
      walks.delete(tenant);
    }
  }

  /** The walk of the tenant that comes after the last one served; null: there is none at all. */
  private @Nullable KeyValue<String, String> next() {
    try (KeyValueIterator<String, String> later = walks.range(lastTenant + '\0', null)) {
      if (later.hasNext()) {
        return later.next();
      }
    }
    try (KeyValueIterator<String, String> all = walks.all()) {
      return all.hasNext() ? all.next() : null;
    }
  }
}
