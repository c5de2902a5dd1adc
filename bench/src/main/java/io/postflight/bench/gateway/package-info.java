/** The webhook gateway, and beside it a handler that only produces. */
@NullMarked
package io.postflight.bench.gateway;

import org.jspecify.annotations.NullMarked;
