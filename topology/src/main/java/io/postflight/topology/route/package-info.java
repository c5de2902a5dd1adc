/** Resolves the tenants of events. */
@NullMarked
package io.postflight.topology.route;

import org.jspecify.annotations.NullMarked;
