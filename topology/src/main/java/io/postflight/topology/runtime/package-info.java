/** Memory, native libraries and fault handling of Kafka Streams. */
@NullMarked
package io.postflight.topology.runtime;

import org.jspecify.annotations.NullMarked;
