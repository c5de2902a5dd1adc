/** What messages to users are made of. */
@NullMarked
package io.postflight.schema.text;

import org.jspecify.annotations.NullMarked;
