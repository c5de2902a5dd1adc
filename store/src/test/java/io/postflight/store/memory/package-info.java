/** In-memory event store: the reference for every other implementation. */
@NullMarked
package io.postflight.store.memory;

import org.jspecify.annotations.NullMarked;
