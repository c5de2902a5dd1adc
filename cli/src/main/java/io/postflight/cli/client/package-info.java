/** Talks to a deployment over HTTP, as its users do. */
@NullMarked
package io.postflight.cli.client;

import org.jspecify.annotations.NullMarked;
