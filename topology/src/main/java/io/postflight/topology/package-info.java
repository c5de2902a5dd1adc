/**
 * From raw webhooks to tier topics: {@link io.postflight.topology.PostflightTopology} is the
 * pipeline, {@link io.postflight.topology.TopologyRole} runs it.
 */
@NullMarked
package io.postflight.topology;

import org.jspecify.annotations.NullMarked;
