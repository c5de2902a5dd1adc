/** Which tiers concern a tenant. */
@NullMarked
package io.postflight.api.tier;

import org.jspecify.annotations.NullMarked;
