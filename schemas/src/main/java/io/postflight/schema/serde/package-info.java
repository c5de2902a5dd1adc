/**
 * Avro in Confluent's wire format: a zero byte, the schema's id as four bytes big-endian, the
 * record in Avro's binary encoding; schemas are stored in a registry with Confluent's REST API.
 *
 * <p>{@link io.postflight.schema.serde.AvroSerdes} is the entry point. The serializer and the
 * deserializer are configured by class name and use Confluent's configuration keys, so that
 * Confluent's implementations can replace them.
 */
@NullMarked
package io.postflight.schema.serde;

import org.jspecify.annotations.NullMarked;
