/** Puts the roles together from settings: the one place that knows all modules. */
@NullMarked
package io.postflight.cli.wiring;

import org.jspecify.annotations.NullMarked;
