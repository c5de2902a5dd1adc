/** The public JSON form of events and rejections. */
@NullMarked
package io.postflight.schema.json;

import org.jspecify.annotations.NullMarked;
