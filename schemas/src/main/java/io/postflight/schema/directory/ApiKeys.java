package io.postflight.schema.directory;

import io.postflight.schema.tenant.ApiKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * API keys: {@code pf_<keyid>_<secret>}. The full key is shown once, when it is created; only its
 * SHA-256 is stored. Salt and key stretching are not needed, since the secret is random and long.
 */
public final class ApiKeys {
  /** The scopes a tenant's key may have. */
  public static final List<String> SCOPES = List.of("read", "write", "erase");

  private static final String BEARER = "Bearer ";
  private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,32}");
  private static final Pattern FORM = Pattern.compile("pf_" + ID + "_[0-9A-Za-z]{16,128}");
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_LENGTH = 8;
  private static final int SECRET_LENGTH = 40;

  private ApiKeys() {}

  /** A new key: the text, which is shown once, and the record, which is stored. */
  public record Created(String key, ApiKey kept) {
    /** Does not contain the key. */
    @Override
    public String toString() {
      return "Created[" + kept.getId() + "]";
    }
  }

  /** Whether a text can be the id of a key, as part of its text. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Whether a text has the form of a key; it need not be one of a tenant. */
  public static boolean hasForm(String text) {
    return FORM.matcher(text).matches();
  }

  /** The key of {@code Authorization: Bearer <key>}. */
  public static Optional<String> ofBearer(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? Optional.of(authorization.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  /** Creates a key with these scopes. */
  public static Created create(SecureRandom random, List<String> scopes, long nowMillis) {
    String id = text(random, ID_LENGTH);
    String key = "pf_" + id + '_' + text(random, SECRET_LENGTH);
    return new Created(key, kept(key, scopes, nowMillis));
  }

  /**
   * The record of a key.
   *
   * @throws IllegalArgumentException if the text does not have the form of a key
   */
  public static ApiKey kept(String key, List<String> scopes, long nowMillis) {
    if (!hasForm(key)) {
      throw new IllegalArgumentException(
          "an API key has the form pf_<id>_<secret>, the secret of 16 to 128 letters and digits");
    }
    String id = key.substring(3, key.indexOf('_', 3));
    return new ApiKey(id, sha256(key), List.copyOf(scopes), nowMillis);
  }

  /**
   * The tenant of a key; empty for an invalid key. A single lookup by the hash: its timing reveals
   * nothing about a key, since hashes cannot be chosen.
   */
  public static Optional<TenantSnapshot.KeyOwner> authenticate(
      TenantSnapshot tenants, String presented) {
    if (!hasForm(presented)) {
      return Optional.empty();
    }
    String hash = sha256(presented);
    return tenants.owner(hash).filter(owner -> same(owner.key().getSha256(), hash));
  }

  /** SHA-256 of a whole key, hex, lower case. */
  public static String sha256(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(
          "SHA-256 is not available, although every Java platform must support it", impossible);
    }
  }

  /** Compares in a time that does not depend on where the texts differ. */
  public static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(SecureRandom random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }
}
