/**
 * Settings of a deployment: the catalogue of keys with what each may be, the places they are read
 * from (file, environment, command line) and the typed records that the roles are given.
 */
@NullMarked
package io.postflight.settings;

import org.jspecify.annotations.NullMarked;
