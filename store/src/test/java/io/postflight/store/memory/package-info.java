/** In-memory event store: the reference that other implementations are compared with. */
@NullMarked
package io.postflight.store.memory;

import org.jspecify.annotations.NullMarked;
