/**
 * Settings as annotated records: each component has its description, default and bounds, and one
 * binder makes the records from configuration files.
 */
@NullMarked
package io.postflight.schema.settings;

import org.jspecify.annotations.NullMarked;
