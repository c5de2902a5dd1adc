/** Variants in JVMs of their own, and what they use of the machine. */
@NullMarked
package io.postflight.bench.process;

import org.jspecify.annotations.NullMarked;
