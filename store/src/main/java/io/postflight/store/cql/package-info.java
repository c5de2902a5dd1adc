/**
 * The event store on ScyllaDB or Cassandra: one class per statement, the schema in {@code .cql}
 * resources, one session per tier.
 */
@NullMarked
package io.postflight.store.cql;

import org.jspecify.annotations.NullMarked;
