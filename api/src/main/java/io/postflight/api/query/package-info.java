/** The way out: messages and timelines, read from every tier that still holds a tenant's rows. */
@NullMarked
package io.postflight.api.query;

import org.jspecify.annotations.NullMarked;
