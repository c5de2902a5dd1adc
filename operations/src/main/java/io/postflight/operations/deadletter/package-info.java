/** What operators do with dead letters: list, show, redrive. */
@NullMarked
package io.postflight.operations.deadletter;

import org.jspecify.annotations.NullMarked;
