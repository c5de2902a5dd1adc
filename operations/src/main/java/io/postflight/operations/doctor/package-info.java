/** The checks of {@code postflight doctor}: a deployment against its configuration. */
@NullMarked
package io.postflight.operations.doctor;

import org.jspecify.annotations.NullMarked;
