/** Why a message is what it is: its facts and the events that they stem from. */
@NullMarked
package io.postflight.schema.explain;

import org.jspecify.annotations.NullMarked;
