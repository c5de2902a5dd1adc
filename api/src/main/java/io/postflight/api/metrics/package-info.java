/** Declarations of the HTTP servers' metrics. */
@NullMarked
package io.postflight.api.metrics;

import org.jspecify.annotations.NullMarked;
