/** Declarations of metrics: each module that reports metrics lists them in one enum. */
@NullMarked
package io.postflight.schema.metrics;

import org.jspecify.annotations.NullMarked;
