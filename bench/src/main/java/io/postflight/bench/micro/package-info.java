/** What single classes cost on one core, by JMH; {@code postflight bench} measures whole roles. */
@NullMarked
package io.postflight.bench.micro;

import org.jspecify.annotations.NullMarked;
