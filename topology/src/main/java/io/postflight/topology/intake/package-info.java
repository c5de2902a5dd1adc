/** The first stage of the pipeline: raw webhooks become canonical events or dead letters. */
@NullMarked
package io.postflight.topology.intake;

import org.jspecify.annotations.NullMarked;
