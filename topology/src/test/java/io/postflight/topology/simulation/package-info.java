/**
 * Simulations of lives: scripts of what providers send, the rows that must come of them, and a log
 * with transactions that can be aborted anywhere.
 */
@NullMarked
package io.postflight.topology.simulation;

import org.jspecify.annotations.NullMarked;
