/** Servers that the tests of a module share; other modules use them through the test-jar. */
@NullMarked
package io.postflight.devstack.junit;

import org.jspecify.annotations.NullMarked;
