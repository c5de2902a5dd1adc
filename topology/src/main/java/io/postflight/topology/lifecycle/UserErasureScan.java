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
 * Erases the messages of erased users. The key of a message's state does not contain its user, so a
 * user's command starts a scan of all messages of the tenant: a few at a time between two records,
 * resumed after a restart. Until the scan is done the command is still effective, since every event
 * and every deadline is checked against the retained commands first.
 *
 * <p>A tenant has one scan, which covers all commands that were retained when it started. A command
 * that arrives during the scan has it repeated once, so that a stream of commands does not restart
 * it again and again.
 */
final class UserErasureScan implements IncrementalWork {
  /** Messages examined before the scan of another tenant continues. */
  private static final int BATCH = 32;

  private final KeyValueStore<String, String> progress;
  private final LifecycleStore lifecycles;
  private final RetainedCommands retained;
  private final Eraser eraser;
  private String lastTenant = "";

  /** Usually there is no scan: then the store is not read. */
  private boolean idle;

  /**
   * Progress of a scan.
   *
   * @param again whether the scan is repeated when it is done
   * @param after key of the last message examined; empty: none yet
   */
  record ScanPosition(boolean again, String after) {
    static ScanPosition parse(String text) {
      return new ScanPosition(text.charAt(0) == '+', text.substring(1));
    }

    String text() {
      return (again ? '+' : '-') + after;
    }
  }

  /**
   * @param progress progress by tenant
   */
  UserErasureScan(
      KeyValueStore<String, String> progress,
      LifecycleStore lifecycles,
      RetainedCommands retained,
      Eraser eraser) {
    this.progress = progress;
    this.lifecycles = lifecycles;
    this.retained = retained;
    this.eraser = eraser;
  }

  /** Starts a scan of the tenant's messages, or has the current one repeated. */
  void begin(String tenant) {
    idle = false;
    String scan = progress.get(tenant);
    boolean underWay = scan != null && !ScanPosition.parse(scan).after().isEmpty();
    progress.put(
        tenant,
        new ScanPosition(underWay, underWay ? ScanPosition.parse(scan).after() : "").text());
  }

  /** Also true until it is known whether an earlier instance left a scan. */
  @Override
  public boolean pending() {
    return !idle;
  }

  @Override
  public void step() {
    KeyValue<String, String> scan = next();
    if (scan == null) {
      idle = true;
      return;
    }
    lastTenant = scan.key;
    proceed(scan.key, ScanPosition.parse(scan.value));
  }

  private void proceed(String tenant, ScanPosition scan) {
    List<KeyValue<String, LifecycleState>> batch = lifecycles.ofTenant(tenant, scan.after(), BATCH);
    for (KeyValue<String, LifecycleState> entry : batch) {
      Erasure by = LifecycleErasures.ofState(entry.value, retained);
      if (by != null) {
        eraser.erase(entry.key, entry.value, by);
      }
    }
    if (batch.size() == BATCH) {
      progress.put(tenant, new ScanPosition(scan.again(), batch.get(BATCH - 1).key).text());
    } else if (scan.again()) {
      progress.put(tenant, new ScanPosition(false, "").text());
    } else {
      progress.delete(tenant);
    }
  }

  /** The scan of the next tenant, round robin; null: there is no scan. */
  private @Nullable KeyValue<String, String> next() {
    try (KeyValueIterator<String, String> later = progress.range(lastTenant + '\0', null)) {
      if (later.hasNext()) {
        return later.next();
      }
    }
    try (KeyValueIterator<String, String> all = progress.all()) {
      return all.hasNext() ? all.next() : null;
    }
  }
}
