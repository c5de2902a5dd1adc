/** Names of topics, record keys and headers: what the roles agree on. */
@NullMarked
package io.postflight.schema.topic;

import org.jspecify.annotations.NullMarked;
