/** Reading topics of a real broker. */
@org.jspecify.annotations.NullMarked
package io.postflight.devstack.topic;
