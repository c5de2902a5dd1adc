@NullMarked
package io.postflight.store;

import org.jspecify.annotations.NullMarked;
