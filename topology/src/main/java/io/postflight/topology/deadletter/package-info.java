/** Dead letters: records that cannot be processed, with their original bytes and the reason. */
@NullMarked
package io.postflight.topology.deadletter;

import org.jspecify.annotations.NullMarked;
