/** Restore, verify and drill: what these jobs work on. */
@NullMarked
package io.postflight.operations.replay;

import org.jspecify.annotations.NullMarked;
