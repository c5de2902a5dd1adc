/** The normal form of user ids. */
@NullMarked
package io.postflight.schema.user;

import org.jspecify.annotations.NullMarked;
