/** Erasure commands: stored, applied, answered with a receipt, and enforced on every read. */
@NullMarked
package io.postflight.api.erasure;

import org.jspecify.annotations.NullMarked;
