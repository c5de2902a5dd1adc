/**
 * The tenants: an immutable snapshot of all of them, the feed that updates it from topic {@code
 * tenants}, and pure functions of a tenant (tiers, shards, API keys).
 */
@NullMarked
package io.postflight.schema.directory;

import org.jspecify.annotations.NullMarked;
