package io.postflight.topology.runtime;

import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.serde.RegistryOutage;
import io.postflight.topology.route.StaleTenantsException;
import java.time.Duration;
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
 * Waits for unavailable services outside of transactions: pauses the instance, and resumes it once
 * all services that its records need are available again.
 *
 * <p>A record that waits in {@code process()} keeps a transaction open. The broker aborts it after
 * {@code transaction.timeout.ms}, and until then consumers cannot read past it. So a record waits
 * there for seconds only. Then its transaction is aborted, the instance is paused, and the record
 * is read again after the outage. A paused instance stays in its group, commits, and processes no
 * records.
 */
public final class OutageGate implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OutageGate.class);
  private static final long PROBE_MILLIS = 500;
  private static final Duration TENANTS_PROBE = Duration.ofSeconds(2);

  /** An outage that recurs within this time after a resumption was not over. */
  private static final long RECURS_WITHIN_MILLIS = 60_000;

  private static final long FIRST_HOLD_MILLIS = 1_000;
  private static final long MAX_HOLD_MILLIS = 30_000;

  private final String name;
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

  /** Unavailable services by name, with a check of their availability. */
  private final Map<String, BooleanSupplier> outages = new HashMap<>();

  private @Nullable Intake intake;
  private @Nullable Long resumedAt;
  private long holdMillis;
  private long holdUntil;

  /** The instance that is paused. */
  public interface Intake {
    /** Stops processing records; the open transaction may still be committed. */
    void pause();

    /** Resumes processing records. */
    void resume();
  }

  /**
   * @param name of the instance's application, human-readable
   * @param registryAvailable whether the schema registry is available
   * @param millis a monotonic clock
   */
  public OutageGate(
      String name,
      TenantDirectory tenants,
      BooleanSupplier registryAvailable,
      LongSupplier millis) {
    this.name = name;
    this.tenants = tenants;
    this.registryAvailable = registryAvailable;
    this.millis = millis;
  }

  /** Starts to control an instance. */
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
   * Pauses the instance if a fault is an outage of a service that this class handles.
   *
   * @return false for any other fault
   */
  public boolean waitsOut(Throwable fault) {
    if (RegistryOutage.isCauseOf(fault)) {
      pause("the schema registry", registryAvailable, fault);
      return true;
    }
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof StaleTenantsException behind) {
        pause(
            "version " + behind.version() + " of the tenants",
            () -> tenants.awaitVersion(behind.version(), TENANTS_PROBE),
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
        log.warn("The {} is paused until {} is available: {}", name, what, fault.getMessage());
      }
      if (intake != null) {
        intake.pause();
      }
    }
  }

  /**
   * A probe may succeed although the service still fails, such as a registry that answers reads and
   * refuses writes. Each failed resumption costs an aborted transaction and a rebalance, so the
   * instance stays paused twice as long as before.
   */
  private void hold() {
    long now = millis.getAsLong();
    boolean recurred = resumedAt != null && now - resumedAt < RECURS_WITHIN_MILLIS;
    holdMillis =
        recurred ? Math.min(MAX_HOLD_MILLIS, Math.max(FIRST_HOLD_MILLIS, holdMillis * 2)) : 0;
    holdUntil = now + holdMillis;
  }

  /** Resumes the instance if all services are available again. */
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
        log.info("The {} is resumed; available again: {}", name, String.join(", ", over.keySet()));
        resumedAt = millis.getAsLong();
        intake.resume();
      }
    }
  }

  private static boolean succeeds(BooleanSupplier available) {
    try {
      return available.getAsBoolean();
    } catch (RuntimeException failed) {
      // The check is repeated by the next probe.
      log.debug("A probe failed", failed);
      return false;
    }
  }

  /**
   * Wraps a processor so that its records are read again after an outage.
   *
   * <p>Kafka Streams cannot retry a record: an exception terminates the thread, and its partitions
   * are reassigned only after a session timeout. {@link TaskMigratedException} is handled by the
   * thread itself: it aborts its transaction if it has one, closes its tasks, rejoins the group and
   * continues from the last commit.
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
              ? new TaskMigratedException("the record is read again after the outage", fault)
              : fault;
        }
      }

      @Override
      public void close() {
        processor.close();
      }
    };
  }

  /** Ends all waits, without resuming the instance. */
  @Override
  public void close() {
    prober.shutdownNow();
    synchronized (outages) {
      outages.clear();
      intake = null;
    }
  }
}
