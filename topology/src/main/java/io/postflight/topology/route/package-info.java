/** Which tenant an event belongs to, and where its tenant's rows go. */
@NullMarked
package io.postflight.topology.route;

import org.jspecify.annotations.NullMarked;
