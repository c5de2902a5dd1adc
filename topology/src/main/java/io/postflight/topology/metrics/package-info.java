/** What the topology counts. */
@NullMarked
package io.postflight.topology.metrics;

import org.jspecify.annotations.NullMarked;
