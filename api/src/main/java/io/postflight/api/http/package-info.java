/** Shared by all HTTP services: problems, request ids, parameters, authentication, connections. */
@NullMarked
package io.postflight.api.http;

import org.jspecify.annotations.NullMarked;
