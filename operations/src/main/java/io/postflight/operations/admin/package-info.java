/** What operators do to a deployment: its topics, its schema, its tenants and their keys. */
@NullMarked
package io.postflight.operations.admin;

import org.jspecify.annotations.NullMarked;
