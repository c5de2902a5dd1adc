/**
 * The canonical event: the generated record, its public JSON form, and the normal form of user ids.
 *
 * <p>Null-marked class by class, since the package also contains generated records with nullable
 * fields.
 */
package io.postflight.schema.event;
