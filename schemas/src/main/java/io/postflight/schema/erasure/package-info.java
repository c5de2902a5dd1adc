/**
 * Privacy commands: the ledger (topic {@code erasures}), and the data that a command covers. Pure
 * except for {@link io.postflight.schema.erasure.ErasureLedger}, which reads the topic.
 *
 * <p>Null-marked class by class, since the package also contains a generated record with nullable
 * fields.
 */
package io.postflight.schema.erasure;
