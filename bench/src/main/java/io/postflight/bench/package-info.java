/** What the parts cost: the command {@code bench}, and benchmarks of JMH. */
@NullMarked
package io.postflight.bench;

import org.jspecify.annotations.NullMarked;
