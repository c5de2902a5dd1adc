@NullMarked
package io.postflight.devstack.registry;

import org.jspecify.annotations.NullMarked;
