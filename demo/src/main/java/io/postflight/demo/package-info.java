/** The demonstration: simulated webhooks through the real gateway, reconciled at the end. */
@NullMarked
package io.postflight.demo;

import org.jspecify.annotations.NullMarked;
