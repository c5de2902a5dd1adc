/** How much of a stream thread's time its punctuators take, and when. */
@NullMarked
package io.postflight.topology.punctuation;

import org.jspecify.annotations.NullMarked;
