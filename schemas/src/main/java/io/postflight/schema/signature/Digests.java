package io.postflight.schema.signature;

import io.postflight.schema.directory.ApiKeys;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Digests and message authentication codes. */
public final class Digests {
  /** To look up an algorithm's JCA provider costs as much as a code over a short text. */
  private static final ThreadLocal<Mac> SHA256 = ThreadLocal.withInitial(() -> mac("HmacSHA256"));

  private static final ThreadLocal<Mac> SHA1 = ThreadLocal.withInitial(() -> mac("HmacSHA1"));

  private Digests() {}

  /** SHA-256 of the bytes, lower-case hex. */
  public static String sha256Hex(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** HMAC-SHA256 over these parts, one after the other. */
  public static byte[] hmacSha256(byte[] key, byte[]... parts) {
    return hmac(SHA256.get(), key, parts);
  }

  static byte[] hmacSha1(byte[] key, byte[]... parts) {
    return hmac(SHA1.get(), key, parts);
  }

  static byte[] hmacSha512(byte[] key, byte[]... parts) {
    return hmac(mac("HmacSHA512"), key, parts);
  }

  /** Whether any of the expected texts is the given one; in constant time. */
  static boolean isAnyOf(Collection<String> expected, String given) {
    boolean found = false;
    for (String each : expected) {
      found |= ApiKeys.same(each, given);
    }
    return found;
  }

  /** The bytes of a text in base64, with or without blanks around it; null if it is none. */
  static byte @Nullable [] base64(String text) {
    try {
      return Base64.getDecoder().decode(text.strip());
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  private static byte[] hmac(Mac mac, byte[] key, byte[]... parts) {
    try {
      mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (InvalidKeyException impossible) {
      throw new IllegalStateException("every key is valid", impossible);
    }
  }

  private static Mac mac(String algorithm) {
    try {
      return Mac.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has " + algorithm, impossible);
    }
  }
}
