/** HTTP requests to servers of a deployment. */
@NullMarked
package io.postflight.schema.http;

import org.jspecify.annotations.NullMarked;
