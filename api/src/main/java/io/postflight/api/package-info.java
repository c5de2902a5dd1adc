/**
 * Postflight over HTTP: the webhook gateway and the queries.
 *
 * <p>{@link io.postflight.api.ApiServer} is the entry point.
 */
@NullMarked
package io.postflight.api;

import org.jspecify.annotations.NullMarked;
