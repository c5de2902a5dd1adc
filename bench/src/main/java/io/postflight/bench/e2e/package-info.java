/** Webhooks from the gateway to the tables, everything on one machine. */
@NullMarked
package io.postflight.bench.e2e;

import org.jspecify.annotations.NullMarked;
