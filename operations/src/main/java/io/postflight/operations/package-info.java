/** Use cases of an operator. They take settings as records, and return reports. */
@NullMarked
package io.postflight.operations;

import org.jspecify.annotations.NullMarked;
