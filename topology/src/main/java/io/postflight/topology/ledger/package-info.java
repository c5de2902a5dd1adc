/** How privacy commands come from their ledger to the lives that they concern. */
@NullMarked
package io.postflight.topology.ledger;

import org.jspecify.annotations.NullMarked;
