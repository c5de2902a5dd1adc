/**
 * Settings of a deployment: the places they are read from (file, environment, command line), bound
 * to the records of the modules.
 */
@NullMarked
package io.postflight.settings;

import org.jspecify.annotations.NullMarked;
