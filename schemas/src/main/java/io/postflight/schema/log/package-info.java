/** Logging used by all roles. */
@NullMarked
package io.postflight.schema.log;

import org.jspecify.annotations.NullMarked;
