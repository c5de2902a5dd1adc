/** Names of topics, record keys and headers, shared by all roles. */
@NullMarked
package io.postflight.schema.topic;

import org.jspecify.annotations.NullMarked;
