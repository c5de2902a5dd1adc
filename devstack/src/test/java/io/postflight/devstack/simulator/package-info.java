@NullMarked
package io.postflight.devstack.simulator;

import org.jspecify.annotations.NullMarked;
