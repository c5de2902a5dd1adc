package io.postflight.api.erasure;

import io.postflight.store.EventEraser;
import io.postflight.store.Tier;

/**
 * A tier and what erases its rows.
 *
 * @param tier the tier
 * @param eraser erases there
 */
public record TierEraser(Tier tier, EventEraser eraser) {}
