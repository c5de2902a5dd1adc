/** Apache Kafka in this JVM: one node that is broker and controller, for development and tests. */
@NullMarked
package io.postflight.devstack.kafka;

import org.jspecify.annotations.NullMarked;
