/**
 * Privacy commands: what the ledger (topic {@code erasures}) holds, and what a command covers. Pure
 * but for {@link io.postflight.schema.erasure.ErasureLedger}, which reads the topic.
 *
 * <p>Null-marked class by class, since the generated record stands here too and has fields that may
 * be null.
 */
package io.postflight.schema.erasure;
