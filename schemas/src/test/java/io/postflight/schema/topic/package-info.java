@NullMarked
package io.postflight.schema.topic;

import org.jspecify.annotations.NullMarked;
