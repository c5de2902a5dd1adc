/** Coverage-guided fuzzing of any module's code, each target in a JVM of its own. */
@NullMarked
package io.postflight.devstack.fuzz;

import org.jspecify.annotations.NullMarked;
