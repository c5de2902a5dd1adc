@NullMarked
package io.postflight.topology.runtime;

import org.jspecify.annotations.NullMarked;
