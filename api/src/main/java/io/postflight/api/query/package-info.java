/** Queries for messages and timelines, over every tier that may hold a tenant's rows. */
@NullMarked
package io.postflight.api.query;

import org.jspecify.annotations.NullMarked;
