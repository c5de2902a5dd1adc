/** How all parts of the system write to the log. */
@NullMarked
package io.postflight.schema.log;

import org.jspecify.annotations.NullMarked;
