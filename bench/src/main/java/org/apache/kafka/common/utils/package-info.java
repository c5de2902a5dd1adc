/** What the parallel-consumer misses of Kafka's clients before 4.4. */
@NullMarked
package org.apache.kafka.common.utils;

import org.jspecify.annotations.NullMarked;
