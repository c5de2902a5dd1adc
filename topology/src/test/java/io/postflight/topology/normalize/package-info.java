@NullMarked
package io.postflight.topology.normalize;

import org.jspecify.annotations.NullMarked;
