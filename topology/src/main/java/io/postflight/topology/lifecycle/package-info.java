/**
 * The lifecycle of a message: the pure {@link io.postflight.topology.lifecycle.LifecycleReducer}
 * and the processor around it.
 */
@NullMarked
package io.postflight.topology.lifecycle;

import org.jspecify.annotations.NullMarked;
