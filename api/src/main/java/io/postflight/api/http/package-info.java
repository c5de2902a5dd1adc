/** What all HTTP services share: problems, request ids, parameters, authentication. */
@NullMarked
package io.postflight.api.http;

import org.jspecify.annotations.NullMarked;
