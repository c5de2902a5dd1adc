/** Puts the roles together from settings: the one place that knows all modules. */
@NullMarked
package io.postflight.runtime;

import org.jspecify.annotations.NullMarked;
