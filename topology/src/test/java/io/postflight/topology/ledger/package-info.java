@NullMarked
package io.postflight.topology.ledger;

import org.jspecify.annotations.NullMarked;
