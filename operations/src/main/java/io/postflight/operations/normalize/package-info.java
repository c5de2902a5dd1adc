/** What the present adapters would make of webhooks that were normalized before. */
@NullMarked
package io.postflight.operations.normalize;

import org.jspecify.annotations.NullMarked;
