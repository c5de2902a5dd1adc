/** Benchmarks: what the parts cost, measured by JMH. */
@NullMarked
package io.postflight.bench;

import org.jspecify.annotations.NullMarked;
