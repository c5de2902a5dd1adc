package io.postflight.operations.normalize;

import org.jspecify.annotations.Nullable;

/**
 * The webhooks to normalize again.
 *
 * @param provider of the webhooks
 * @param tenant whose webhooks; null: of all tenants
 * @param from webhooks recorded before this are left out, epoch milliseconds
 * @param to webhooks recorded from this on are left out, epoch milliseconds; {@link
 *     Long#MAX_VALUE}: none
 * @param apply whether events that are new or changed are appended to {@code events}
 */
public record NormalizeReplayRequest(
    String provider, @Nullable String tenant, long from, long to, boolean apply) {
  /** Whether a tenant is one of those whose webhooks are normalized. */
  boolean includes(String other) {
    return tenant == null || tenant.equals(other);
  }
}
