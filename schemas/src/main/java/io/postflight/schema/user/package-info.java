/** Who a user is: the one form in which every part of the system writes a user's id. */
@NullMarked
package io.postflight.schema.user;

import org.jspecify.annotations.NullMarked;
