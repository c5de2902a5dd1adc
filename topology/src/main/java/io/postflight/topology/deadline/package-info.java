/** Deadlines of messages: an index ordered by time, and the progress of the log. */
@NullMarked
package io.postflight.topology.deadline;

import org.jspecify.annotations.NullMarked;
