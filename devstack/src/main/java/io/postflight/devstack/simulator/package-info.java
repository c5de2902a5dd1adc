/**
 * Providers that are not there: webhooks as they would send them, and what must become of them.
 *
 * <p>{@link io.postflight.devstack.simulator.Simulation} makes a reproducible stream of webhooks
 * with a {@link io.postflight.devstack.simulator.ExpectedTotals} of what they must lead to; {@link
 * io.postflight.devstack.simulator.BundledWebhooks} is a handful of fixed ones. Who sends them
 * signs them.
 */
@NullMarked
package io.postflight.devstack.simulator;

import org.jspecify.annotations.NullMarked;
