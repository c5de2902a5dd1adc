@NullMarked
package io.postflight.replay.deadletter;

import org.jspecify.annotations.NullMarked;
