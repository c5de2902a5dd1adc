/**
 * Simulated providers: webhooks in their formats, and the expected results.
 *
 * <p>{@link io.postflight.devstack.simulator.Simulation} generates a reproducible stream of
 * webhooks and their {@link io.postflight.devstack.simulator.ExpectedTotals}; {@link
 * io.postflight.devstack.simulator.BundledWebhooks} are a few fixed ones. They are unsigned; the
 * sender signs them.
 */
@NullMarked
package io.postflight.devstack.simulator;

import org.jspecify.annotations.NullMarked;
