package io.postflight.schema.serde;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries calls with exponential backoff, for a bounded time, while the registry is unavailable;
 * and retries lookups of unknown ids for a short time, since a follower registry learns of a new id
 * slightly later than the producer.
 */
final class RetryingSchemaRegistry implements SchemaRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(RetryingSchemaRegistry.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final int MOST_MISSED = 1_000;

  private final SchemaRegistry registry;
  private final Duration retry;
  private final Duration recheck;

  /**
   * Ids that were unknown after all retries: these are looked up once, so that they do not block.
   */
  private final Set<Integer> missed = ConcurrentHashMap.newKeySet();

  RetryingSchemaRegistry(SchemaRegistry registry, Duration retry, Duration recheck) {
    this.registry = registry;
    this.retry = retry;
    this.recheck = recheck;
  }

  @Override
  public int register(String subject, Schema schema) {
    return withRetries(() -> registry.register(subject, schema));
  }

  @Override
  public OptionalInt idOf(String subject, Schema schema) {
    return withRetries(() -> registry.idOf(subject, schema));
  }

  @Override
  public Optional<Registered> latest(String subject) {
    return withRetries(() -> registry.latest(subject));
  }

  @Override
  public Optional<Schema> byId(int id) {
    long end = System.nanoTime() + recheck.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      Optional<Schema> schema = withRetries(() -> registry.byId(id));
      if (schema.isPresent() || missed.contains(id)) {
        return schema;
      }
      if (System.nanoTime() - end >= 0) {
        remember(id);
        return schema;
      }
      pause(pause);
      pause = longer(pause);
    }
  }

  private void remember(int id) {
    if (missed.size() >= MOST_MISSED) {
      missed.clear();
    }
    missed.add(id);
  }

  private <T> T withRetries(Supplier<T> call) {
    long end = System.nanoTime() + retry.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return call.get();
      } catch (RegistryUnavailableException unavailable) {
        if (System.nanoTime() - end >= 0) {
          throw unavailable;
        }
        LOG.warn(
            "Waiting for the schema registry, next retry in {} ms: {}",
            pause,
            unavailable.getMessage());
        pause(pause);
        pause = longer(pause);
      }
    }
  }

  private static long longer(long pause) {
    return Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }
}
