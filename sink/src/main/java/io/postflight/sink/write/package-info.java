/**
 * From a record to the rows that the database has acknowledged: decoding, batches, retries,
 * erasures and dead letters. Without types of Kafka Streams.
 */
@NullMarked
package io.postflight.sink.write;

import org.jspecify.annotations.NullMarked;
