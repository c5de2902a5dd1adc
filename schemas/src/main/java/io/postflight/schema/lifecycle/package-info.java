/**
 * The life of a message as a join of facts: pure functions, without Kafka and CQL.
 *
 * <p>{@link io.postflight.schema.lifecycle.Facts} folds events into facts, {@link
 * io.postflight.schema.lifecycle.MessageStatus} reads a status off them.
 */
@NullMarked
package io.postflight.schema.lifecycle;

import org.jspecify.annotations.NullMarked;
