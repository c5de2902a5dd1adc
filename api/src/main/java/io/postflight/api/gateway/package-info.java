/** Intake of webhooks and events, from the socket to {@code raw.webhooks}. */
@NullMarked
package io.postflight.api.gateway;

import org.jspecify.annotations.NullMarked;
