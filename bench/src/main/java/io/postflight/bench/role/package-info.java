/** Roles that run in processes of their own while others send them work. */
@NullMarked
package io.postflight.bench.role;

import org.jspecify.annotations.NullMarked;
