/** Where logs go, and what ends a process that is out of memory. */
@NullMarked
package io.postflight.runtime.logging;

import org.jspecify.annotations.NullMarked;
