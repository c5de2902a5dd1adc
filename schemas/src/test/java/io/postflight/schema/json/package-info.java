@NullMarked
package io.postflight.schema.json;

import org.jspecify.annotations.NullMarked;
