/** The stack of {@code dev} and {@code demo}: embedded servers, all roles, the dev tenants. */
@NullMarked
package io.postflight.demo.embedded;

import org.jspecify.annotations.NullMarked;
