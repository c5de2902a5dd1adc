/** The demonstration: simulated webhooks through the real gateway, and the books balanced after. */
@NullMarked
package io.postflight.demo;

import org.jspecify.annotations.NullMarked;
