/**
 * Persons and their ids: pure functions, without Kafka and CQL.
 *
 * <p>{@link io.postflight.schema.identity.AliasKind} tells ids that are persons from those that
 * pass on, {@link io.postflight.schema.identity.LinkUpdates} joins what events say about ids into
 * links, {@link io.postflight.schema.identity.GroupSearch} finds all ids of a person, with the
 * periods in which they were the person's.
 *
 * <p>Null-marked class by class, since the package also contains generated records with nullable
 * fields.
 */
package io.postflight.schema.identity;
