/** Parts of messages to users. */
@NullMarked
package io.postflight.schema.text;

import org.jspecify.annotations.NullMarked;
