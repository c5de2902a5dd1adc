/** The sink, and beside it, over the same topic, a hand-tuned consumer and other libraries. */
@NullMarked
package io.postflight.bench.sink;

import org.jspecify.annotations.NullMarked;
