package io.postflight.schema.signature;

import io.postflight.schema.directory.ApiKeys;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Digests and message authentication codes. */
public final class Digests {
  private Digests() {}

  /** SHA-256 of the bytes, lower-case hex. */
  public static String sha256Hex(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** HMAC-SHA256. */
  public static byte[] hmacSha256(byte[] key, byte[] bytes) {
    return hmac("HmacSHA256", key, bytes);
  }

  static byte[] hmacSha1(byte[] key, byte[] bytes) {
    return hmac("HmacSHA1", key, bytes);
  }

  /** Whether any of the expected texts is the given one; in constant time. */
  static boolean isAnyOf(Collection<String> expected, String given) {
    boolean found = false;
    for (String each : expected) {
      found |= ApiKeys.same(each, given);
    }
    return found;
  }

  private static byte[] hmac(String algorithm, byte[] key, byte[] bytes) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(bytes);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has " + algorithm, impossible);
    }
  }
}
