/** How Kafka Streams is configured, what memory it gets, and what its faults lead to. */
@NullMarked
package io.postflight.topology.runtime;

import org.jspecify.annotations.NullMarked;
