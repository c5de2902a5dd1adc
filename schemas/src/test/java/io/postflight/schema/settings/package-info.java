@NullMarked
package io.postflight.schema.settings;

import org.jspecify.annotations.NullMarked;
