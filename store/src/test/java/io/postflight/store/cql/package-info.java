@NullMarked
package io.postflight.store.cql;

import org.jspecify.annotations.NullMarked;
