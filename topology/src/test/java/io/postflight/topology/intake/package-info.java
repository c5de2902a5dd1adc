@NullMarked
package io.postflight.topology.intake;

import org.jspecify.annotations.NullMarked;
