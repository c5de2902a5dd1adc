/** Dead letters: listing them, and redriving them once the cause is fixed (ADR 13). */
@NullMarked
package io.postflight.replay.deadletter;

import org.jspecify.annotations.NullMarked;
