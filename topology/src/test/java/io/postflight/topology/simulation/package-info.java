/**
 * Simulations of the lifecycle: scripts of webhooks, the expected rows, and a log with transactions
 * that can be aborted at any point.
 */
@NullMarked
package io.postflight.topology.simulation;

import org.jspecify.annotations.NullMarked;
