package io.postflight.sink.simulation;

import io.postflight.store.StoreException.Kind;
import io.postflight.store.Table;
import org.jspecify.annotations.Nullable;

/** Health of the simulated database; changes every few seconds. */
final class DatabaseHealth {
  private enum State {
    HEALTHY,
    SLOW,
    FLAKY,
    OUTAGE,
    SILENT,
    UNHEALTHY,
    NODE_DOWN
  }

  private static final long UNHEALTHY_MILLIS = 6_000;
  private static final int NODES = 3;

  /** Timeout of requests. */
  static final long TIMEOUT_MILLIS = 2_000;

  private final World world;
  private State state = State.HEALTHY;
  private int nodeDown;
  private long unhealthyUntil;

  /** The permanent failure, until it is fixed; null if there is none. */
  private @Nullable String broken;

  /** The missing table; null if the failure is rejected credentials. */
  private @Nullable Table missing;

  private long fixedAt;

  DatabaseHealth(World world) {
    this.world = world;
    change();
  }

  private void change() {
    State[] all = State.values();
    state =
        world.faultsStopped() || world.chance(0.4) ? State.HEALTHY : all[world.below(all.length)];
    nodeDown = world.below(NODES);
    world.note("health", state.ordinal(), nodeDown);
    if (!world.faultsStopped()) {
      long lasts = state == State.UNHEALTHY ? UNHEALTHY_MILLIS : world.between(200, 5_000);
      unhealthyUntil = world.millis() + lasts;
      world.after(lasts, this::change);
      if (world.chance(0.05)) {
        failPermanently(3_000);
      }
    }
  }

  /** From now on requests of some kind fail permanently, until fixed. */
  void failPermanently(int mostMillis) {
    Table[] tables = Table.values();
    missing = world.chance(0.5) ? tables[world.below(tables.length)] : null;
    broken =
        missing == null
            ? "authentication refused: role 'sink'"
            : "table " + missing.cqlName() + " is missing";
    fixedAt = world.millis() + world.between(50, mostMillis);
    world.note("fails permanently", missing == null ? -1 : missing.ordinal(), fixedAt);
  }

  /** The permanent failure of writes to a table; null if there is none. */
  @Nullable String fatal(Table table) {
    return missing == null || missing == table ? fatal() : null;
  }

  /** The permanent failure of requests that need all tables; null if there is none. */
  @Nullable String fatal() {
    return world.faultsStopped() || world.millis() >= fixedAt ? null : broken;
  }

  /** The permanent failure of the canary row; null if there is none. */
  @Nullable String fatalToProbes() {
    return missing == null ? fatal() : null;
  }

  boolean healthy() {
    return state == State.HEALTHY;
  }

  boolean outage() {
    return state == State.OUTAGE;
  }

  boolean unhealthy() {
    return state == State.UNHEALTHY;
  }

  boolean onUnavailableNode(String subject) {
    return state == State.NODE_DOWN && node(subject) == nodeDown;
  }

  /** The node with a subject's partitions. */
  static int node(String subject) {
    return Math.floorMod(subject.hashCode(), NODES);
  }

  /** Whether the response to a request is lost. */
  boolean responseLost() {
    return state == State.SILENT || (state == State.FLAKY && world.fault(0.3)) || world.fault(0.01);
  }

  /** How long a request takes. */
  long delay() {
    if (state == State.SLOW) {
      return world.between(100, 1_500);
    }
    return world.fault(0.02) ? world.between(50, 1_900) : world.between(0, 5);
  }

  /** INVALID only if the canary row will be rejected, too, however long that takes. */
  Kind failureKind() {
    boolean lasts = unhealthy() && world.millis() + TIMEOUT_MILLIS < unhealthyUntil;
    return lasts && world.chance(0.5) ? Kind.INVALID : Kind.TRANSIENT;
  }

  /** Whether the canary row is accepted now. */
  boolean acceptsProbe() {
    return switch (state) {
      case HEALTHY, SLOW, NODE_DOWN -> true;
      case FLAKY -> world.chance(0.7);
      case OUTAGE, SILENT, UNHEALTHY -> false;
    };
  }
}
