/**
 * Which tiers are in recovery: the state in topic {@code recoveries}, and its readers and writers.
 */
@NullMarked
package io.postflight.schema.recovery;

import org.jspecify.annotations.NullMarked;
