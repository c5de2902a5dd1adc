/**
 * Avro in Confluent's wire format: a zero byte, the schema's id as four bytes big-endian, the
 * record in Avro's binary encoding; schemas live in a registry that speaks Confluent's REST API.
 *
 * <p>{@link io.postflight.schema.serde.AvroSerdes} is where to begin. The serializer and the
 * deserializer are chosen by class name and take Confluent's configuration keys, so that
 * Confluent's own drop in from the class path.
 */
@NullMarked
package io.postflight.schema.serde;

import org.jspecify.annotations.NullMarked;
