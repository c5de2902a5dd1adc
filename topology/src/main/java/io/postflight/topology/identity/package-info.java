/**
 * Joins what events say about the ids of persons with the erasures of users: keeps the links of
 * each id, and extends an erasure to all ids of the person, whenever they become known.
 */
@NullMarked
package io.postflight.topology.identity;

import org.jspecify.annotations.NullMarked;
