/** Recovery: restore, verify, drill and the redrive of dead letters. */
@org.jspecify.annotations.NullMarked
package io.postflight.replay;
