@NullMarked
package io.postflight.topology.adapter;

import org.jspecify.annotations.NullMarked;
