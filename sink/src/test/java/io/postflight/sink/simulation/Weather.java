package io.postflight.sink.simulation;

import io.postflight.store.Table;
import io.postflight.store.WriteException.Kind;
import org.jspecify.annotations.Nullable;

/** How the database is doing; changes every few seconds. */
final class Weather {
  private enum State {
    FINE,
    SLOW,
    FLAKY,
    OUTAGE,
    SILENT,
    SICK,
    NODE_DOWN
  }

  private static final long SICK_MILLIS = 6_000;
  private static final int NODES = 3;

  /** How long an answer may take until it is taken for lost. */
  static final long TIMEOUT_MILLIS = 2_000;

  private final World world;
  private State state = State.FINE;
  private int nodeDown;
  private long sickUntil;

  /** Why nothing is taken until somebody mends it; null: nothing has to be mended. */
  private @Nullable String broken;

  /** Which table is gone; null: none, it is the role that is locked out. */
  private @Nullable Table missing;

  private long mendedAt;

  Weather(World world) {
    this.world = world;
    change();
  }

  private void change() {
    State[] all = State.values();
    state = world.calm() || world.chance(0.4) ? State.FINE : all[world.below(all.length)];
    nodeDown = world.below(NODES);
    world.note("weather", state.ordinal(), nodeDown);
    if (!world.calm()) {
      long lasts = state == State.SICK ? SICK_MILLIS : world.between(200, 5_000);
      sickUntil = world.millis() + lasts;
      world.after(lasts, this::change);
      if (world.chance(0.05)) {
        breakDown(3_000);
      }
    }
  }

  /** From now on no request of some kind can succeed, until it is mended. */
  void breakDown(int mostMillis) {
    Table[] tables = Table.values();
    missing = world.chance(0.5) ? tables[world.below(tables.length)] : null;
    broken =
        missing == null
            ? "authentication refused: role 'sink'"
            : "table " + missing.cqlName() + " is missing";
    mendedAt = world.millis() + world.between(50, mostMillis);
    world.note("breaks down", missing == null ? -1 : missing.ordinal(), mendedAt);
  }

  /** Why no row of a table can be written until somebody mends it; null: it can. */
  @Nullable String fatal(Table table) {
    return missing == null || missing == table ? fatal() : null;
  }

  /** Why nothing that needs all tables can be done until somebody mends it; null: it can. */
  @Nullable String fatal() {
    return world.calm() || world.millis() >= mendedAt ? null : broken;
  }

  /** Why not even a row of no meaning can be written; null: it can. */
  @Nullable String fatalToProbes() {
    return missing == null ? fatal() : null;
  }

  boolean fine() {
    return state == State.FINE;
  }

  boolean outage() {
    return state == State.OUTAGE;
  }

  boolean sick() {
    return state == State.SICK;
  }

  boolean onDeadNode(String subject) {
    return state == State.NODE_DOWN && node(subject) == nodeDown;
  }

  /** The node that holds a subject's partitions. */
  static int node(String subject) {
    return Math.floorMod(subject.hashCode(), NODES);
  }

  /** Whether the answer to a request is lost. */
  boolean silent() {
    return state == State.SILENT || (state == State.FLAKY && world.fault(0.3)) || world.fault(0.01);
  }

  /** How long a request takes. */
  long delay() {
    if (state == State.SLOW) {
      return world.between(100, 1_500);
    }
    return world.fault(0.02) ? world.between(50, 1_900) : world.between(0, 5);
  }

  /** It refuses what is good only if the canary will meet the same: as long as that may take. */
  Kind whenSick() {
    boolean lasts = sick() && world.millis() + TIMEOUT_MILLIS < sickUntil;
    return lasts && world.chance(0.5) ? Kind.INVALID : Kind.TRANSIENT;
  }

  /** Whether a row of no meaning is written now. */
  boolean takesProbe() {
    return switch (state) {
      case FINE, SLOW, NODE_DOWN -> true;
      case FLAKY -> world.chance(0.7);
      case OUTAGE, SILENT, SICK -> false;
    };
  }
}
