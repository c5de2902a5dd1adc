@NullMarked
package io.postflight.devstack.kafka;

import org.jspecify.annotations.NullMarked;
