/** {@code GET /v1/messages/{id}/explain}: why a message is what it is. */
@NullMarked
package io.postflight.api.explain;

import org.jspecify.annotations.NullMarked;
