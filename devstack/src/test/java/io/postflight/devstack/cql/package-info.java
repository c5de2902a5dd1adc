@NullMarked
package io.postflight.devstack.cql;

import org.jspecify.annotations.NullMarked;
