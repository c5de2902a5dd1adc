/**
 * A CQL server on this machine: Apache Cassandra as a child process, standing in for ScyllaDB.
 *
 * <p>{@link io.postflight.devstack.cql.EmbeddedCassandra} is one node, {@link
 * io.postflight.devstack.cql.CassandraSettings} configures it.
 */
@NullMarked
package io.postflight.devstack.cql;

import org.jspecify.annotations.NullMarked;
