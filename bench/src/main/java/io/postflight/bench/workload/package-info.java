/** The servers and the simulated traffic that all variants of a benchmark share. */
@NullMarked
package io.postflight.bench.workload;

import org.jspecify.annotations.NullMarked;
