/**
 * The tenants: an immutable snapshot of all of them, the feed that renews it from topic {@code
 * tenants}, and pure questions to one tenant (which tier, how many shards, whose API key).
 */
@NullMarked
package io.postflight.schema.directory;

import org.jspecify.annotations.NullMarked;
