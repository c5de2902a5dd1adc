/** The process that sends webhooks. */
@NullMarked
package io.postflight.bench.load;

import org.jspecify.annotations.NullMarked;
