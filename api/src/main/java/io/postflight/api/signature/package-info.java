/**
 * How each provider proves that a webhook is its own: pure functions over the bytes as they came.
 *
 * <p>The gateway checks with these classes, {@code postflight webhook check} explains with them,
 * and {@code postflight ingest} signs with them.
 */
@NullMarked
package io.postflight.api.signature;

import org.jspecify.annotations.NullMarked;
