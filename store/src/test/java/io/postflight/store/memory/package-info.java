@NullMarked
package io.postflight.store.memory;

import org.jspecify.annotations.NullMarked;
