package io.postflight.schema.explain;

import org.jspecify.annotations.Nullable;

/**
 * A fact of a message, and why it has this value.
 *
 * @param fact its name: {@code status.DELIVERED}, {@code body}, {@code attributes.mediaId}, ...
 * @param value as text; a time in RFC 3339
 * @param event id of the event that it stems from; null: none, or an event that is not known any
 *     more
 * @param why the rule by which this value counts
 */
public record ExplainedFact(String fact, String value, @Nullable String event, String why) {}
