/**
 * Which tiers are in recovery: the state in topic {@code recoveries}, and those who read and write
 * it.
 */
@NullMarked
package io.postflight.schema.recovery;

import org.jspecify.annotations.NullMarked;
