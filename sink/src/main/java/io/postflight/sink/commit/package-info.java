/**
 * Which offsets may be committed: tracked and acknowledged offsets of each partition, and Kafka
 * clients whose commits are limited to them.
 */
@NullMarked
package io.postflight.sink.commit;

import org.jspecify.annotations.NullMarked;
