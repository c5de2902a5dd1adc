@NullMarked
package io.postflight.topology.deadline;

import org.jspecify.annotations.NullMarked;
