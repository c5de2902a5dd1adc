/** When lives fall due: an index ordered by time, and how far the log has been read. */
@NullMarked
package io.postflight.topology.deadline;

import org.jspecify.annotations.NullMarked;
