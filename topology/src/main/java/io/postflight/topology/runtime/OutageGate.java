package io.postflight.topology.runtime;

import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.topology.route.StaleTenantsException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits outside of transactions for what is unavailable: pauses the instance, and resumes it once
 * all that its records need is available again.
 *
 * <p>A record that waits in {@code process()} keeps a transaction open. The broker aborts it after
 * {@code transaction.timeout.ms}, and until then nobody can read past it. So a record waits there
 * for seconds only. Then its transaction is aborted, the instance is paused, and the record is read
 * again after the outage. While paused, an instance stays in its group, commits and processes
 * nothing.
 */
public final class OutageGate implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OutageGate.class);
  private static final long PROBE_MILLIS = 500;

  /** An outage that returns within so long after a resumption has not been over. */
  private static final long RETURNS_WITHIN_MILLIS = 60_000;

  private static final long FIRST_HOLD_MILLIS = 1_000;
  private static final long LONGEST_HOLD_MILLIS = 30_000;

  private final TenantDirectory tenants;
  private final BooleanSupplier registryAvailable;
  private final LongSupplier millis;
  private final ScheduledExecutorService prober =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "postflight-outage-probe");
            thread.setDaemon(true);
            return thread;
          });

  /** What is unavailable, by name, and how to find out whether it is available again. */
  private final Map<String, BooleanSupplier> outages = new HashMap<>();

  private @Nullable Intake intake;
  private @Nullable Long resumedAt;
  private long holdMillis;
  private long holdUntil;

  /** The instance that is paused. */
  public interface Intake {
    /** Processes no more records; the transaction that is open may still be committed. */
    void pause();

    /** Processes records again. */
    void resume();
  }

  /**
   * @param registryAvailable whether the schema registry answers now
   * @param millis a clock that never goes back
   */
  public OutageGate(
      TenantDirectory tenants, BooleanSupplier registryAvailable, LongSupplier millis) {
    this.tenants = tenants;
    this.registryAvailable = registryAvailable;
    this.millis = millis;
  }

  /** Begins to control an instance. */
  public void control(Intake instance) {
    synchronized (outages) {
      intake = instance;
    }
    var unused =
        prober.scheduleWithFixedDelay(
            this::probe, PROBE_MILLIS, PROBE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Whether the instance is paused. */
  public boolean closed() {
    synchronized (outages) {
      return !outages.isEmpty();
    }
  }

  /**
   * Pauses the instance if a fault is the outage of something that it can wait for.
   *
   * @return false if it is any other fault
   */
  public boolean waitsOut(Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof RegistryUnavailableException) {
        pause("schema registry", registryAvailable, cause);
        return true;
      }
      if (cause instanceof StaleTenantsException behind) {
        pause(
            "version " + behind.version() + " of the tenants",
            () -> tenants.current().version() >= behind.version(),
            cause);
        return true;
      }
    }
    return false;
  }

  private void pause(String what, BooleanSupplier available, Throwable fault) {
    synchronized (outages) {
      if (prober.isShutdown()) {
        return;
      }
      if (outages.isEmpty()) {
        hold();
      }
      if (outages.put(what, available) == null) {
        log.warn("The topology pauses until it has the {}: {}", what, fault.getMessage());
      }
      if (intake != null) {
        intake.pause();
      }
    }
  }

  /**
   * A probe may succeed although what failed still fails: a registry that answers reads and refuses
   * writes. Each resumption that fails costs an aborted transaction and a rebalance, so the
   * instance stays paused twice as long as the time before.
   */
  private void hold() {
    long now = millis.getAsLong();
    boolean returned = resumedAt != null && now - resumedAt < RETURNS_WITHIN_MILLIS;
    holdMillis =
        returned ? Math.min(LONGEST_HOLD_MILLIS, Math.max(FIRST_HOLD_MILLIS, holdMillis * 2)) : 0;
    holdUntil = now + holdMillis;
  }

  /** Resumes the instance if everything is available again. */
  void probe() {
    Map<String, BooleanSupplier> over;
    synchronized (outages) {
      if (outages.isEmpty() || millis.getAsLong() < holdUntil) {
        return;
      }
      over = new HashMap<>(outages);
    }
    // Not under the lock: a request may take as long as its timeout.
    over.values().removeIf(available -> !succeeds(available));
    synchronized (outages) {
      outages.keySet().removeAll(over.keySet());
      if (!over.isEmpty() && outages.isEmpty() && intake != null) {
        log.info("The topology resumes: {}", String.join(", ", over.keySet()));
        resumedAt = millis.getAsLong();
        intake.resume();
      }
    }
  }

  private static boolean succeeds(BooleanSupplier available) {
    try {
      return available.getAsBoolean();
    } catch (RuntimeException failed) {
      // Whatever is wrong with it, the prober has to ask again.
      log.debug("A probe failed", failed);
      return false;
    }
  }

  /**
   * A processor whose records wait for outages to end.
   *
   * <p>Kafka Streams knows no retry of a record under exactly-once: an exception ends the thread,
   * which costs a session timeout until others or its successor have its partitions. But {@link
   * TaskMigratedException} is one that the thread handles itself: it aborts the transaction, closes
   * its tasks, joins the group again and continues from the last commit.
   */
  public <K, V, K2, V2> Processor<K, V, K2, V2> around(Processor<K, V, K2, V2> processor) {
    return new Processor<>() {
      @Override
      public void init(ProcessorContext<K2, V2> context) {
        processor.init(context);
      }

      @Override
      public void process(Record<K, V> record) {
        try {
          processor.process(record);
        } catch (RuntimeException fault) {
          throw waitsOut(fault)
              ? new TaskMigratedException("The record is read again after the outage", fault)
              : fault;
        }
      }

      @Override
      public void close() {
        processor.close();
      }
    };
  }

  /** Ends all waits; what is unavailable stays so. */
  @Override
  public void close() {
    prober.shutdownNow();
    synchronized (outages) {
      outages.clear();
      intake = null;
    }
  }
}
