/**
 * A schema registry in this JVM that implements the part of the Confluent Schema Registry REST API
 * that clients use, and stores its schemas in an append-only journal.
 */
@NullMarked
package io.postflight.devstack.registry;

import org.jspecify.annotations.NullMarked;
