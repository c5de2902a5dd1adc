/**
 * Postflight over HTTP: the webhook gateway and the queries.
 *
 * <p>{@link io.postflight.api.ApiServer} puts it together.
 */
@NullMarked
package io.postflight.api;

import org.jspecify.annotations.NullMarked;
