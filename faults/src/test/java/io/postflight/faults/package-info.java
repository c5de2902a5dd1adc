/** Faults, each a named test with its guarantee, on real servers. */
@org.jspecify.annotations.NullMarked
package io.postflight.faults;
