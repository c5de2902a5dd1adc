/** The event store as plain Java: the reference that every other store is held against. */
@NullMarked
package io.postflight.store.memory;

import org.jspecify.annotations.NullMarked;
