@org.jspecify.annotations.NullMarked
package io.postflight.replay;
