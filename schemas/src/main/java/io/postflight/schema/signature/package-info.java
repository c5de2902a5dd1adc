/**
 * Signature schemes of the providers: pure functions over the raw request.
 *
 * <p>The gateway checks with these classes, {@code postflight webhook check} explains with them,
 * and {@code postflight ingest} signs with them.
 */
@NullMarked
package io.postflight.schema.signature;

import org.jspecify.annotations.NullMarked;
