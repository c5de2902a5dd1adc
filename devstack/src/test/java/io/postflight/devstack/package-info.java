/** Tests of several servers together. */
@NullMarked
package io.postflight.devstack;

import org.jspecify.annotations.NullMarked;
