/** The JSON that people and programs see: events and rejections, and the pieces they share. */
@NullMarked
package io.postflight.schema.json;

import org.jspecify.annotations.NullMarked;
