/** What all modules need to compose futures. */
@NullMarked
package io.postflight.schema.concurrent;

import org.jspecify.annotations.NullMarked;
