/** A CQL server without the cost of one. */
@NullMarked
package io.postflight.bench.cql;

import org.jspecify.annotations.NullMarked;
