/** Routes privacy commands from the ledger to the lifecycle. */
@NullMarked
package io.postflight.topology.ledger;

import org.jspecify.annotations.NullMarked;
