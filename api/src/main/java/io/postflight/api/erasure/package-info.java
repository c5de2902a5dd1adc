/** Privacy commands: made durable, applied, answered with a receipt, and guarded on every read. */
@NullMarked
package io.postflight.api.erasure;

import org.jspecify.annotations.NullMarked;
