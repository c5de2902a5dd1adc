/** Talks to a deployment over HTTP, as its users do. */
@NullMarked
package io.postflight.operations.client;

import org.jspecify.annotations.NullMarked;
