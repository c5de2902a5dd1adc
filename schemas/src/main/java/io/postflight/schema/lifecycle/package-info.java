/**
 * The lifecycle of a message as a join of facts: pure functions, without Kafka and CQL.
 *
 * <p>{@link io.postflight.schema.lifecycle.Facts} joins events into facts, {@link
 * io.postflight.schema.lifecycle.MessageStatus} derives the status.
 */
@NullMarked
package io.postflight.schema.lifecycle;

import org.jspecify.annotations.NullMarked;
